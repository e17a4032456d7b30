import { AdminClient } from '../../../src/kafka/admin/admin-client';
import { administer } from '../../../src/kafka/admin/administrator';
import type { Operation } from '../../../src/kafka/admin/operations';
import type { ClusterSettings } from '../../../src/kafka/connection/client';

export interface AdminRun {
  /** Runs an operation as a message requests it. */
  run<Answer>(operation: Operation, more?: object): Promise<Answer>;
  close(): Promise<void>;
}

/** The operations of kafka-admin on a cluster. */
export function adminRun(brokers: string, more: Partial<ClusterSettings> = {}, limitMs = 30_000): AdminRun {
  const settings = { brokers: brokers.split(','), clientId: 'test' };
  const client = new AdminClient(
    { ...settings, connectionTimeout: 10_000, requestTimeout: 10_000, ...more },
    () => {},
  );
  return {
    run<Answer>(operation: Operation, fields: object = {}) {
      const request = { operation, target: '', options: {}, confirm: false, ...fields };
      return administer(client, request, limitMs, new AbortController().signal) as Promise<Answer>;
    },
    close: () => client.close(),
  };
}
