import { Cluster } from '../../src/kafka/cluster';
import { Outbox, type OutboxOptions } from '../../src/kafka/delivery/outbox';

/** An outbox on a cluster of its own, with short limits, and how to end both. */
export function outboxOn(
  brokers: string,
  options: Partial<OutboxOptions> = {},
): { outbox: Outbox; end: (limitMs?: number) => Promise<number> } {
  const settings = {
    brokers: brokers.split(','),
    clientId: 'test',
    connectionTimeout: 5000,
    requestTimeout: 6000,
  };
  const cluster = new Cluster(settings, () => {});
  const all: OutboxOptions = {
    acks: 'all',
    idempotent: true,
    compression: 'none',
    memoryLimit: 32_000_000,
    timeouts: { deliveryTimeout: 60_000, linger: 0 },
    ...options,
  };
  const outbox = new Outbox(cluster, all, () => {});
  return {
    outbox,
    async end(limitMs = 5000) {
      const given = await outbox.close(limitMs);
      await cluster.close();
      return given;
    },
  };
}
