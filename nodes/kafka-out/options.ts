import { usableCompression } from '../../src/kafka/compression';
import type { OutboxOptions } from '../../src/kafka/delivery/outbox';
import { savedNumber } from '../../src/node-red/saved-number';
import { Problem } from '../../src/util/problem';

/** The saved properties of kafka-out that say how records are written. */
export interface OutboxDef {
  acks: string | number;
  idempotent: boolean;
  compression: string;
  linger: number | string;
  memoryLimit: number | string;
  deliveryTimeout: number | string;
  createTopic: boolean;
  createPartitions: number | string;
  createReplication: number | string;
}

const megabyte = 1_000_000;

/**
 * Saved properties as the outbox wants them: seconds as milliseconds, megabytes as bytes.
 * @throws Problem that names the field
 */
export function outboxOptions(def: OutboxDef): OutboxOptions {
  const acks = String(def.acks || 'all');
  if (acks !== 'all' && acks !== '1') throw new Problem('acks-unknown', { acks });
  const replication = savedNumber('createReplication', def.createReplication, 0, 0);
  return {
    acks,
    compression: usableCompression(def.compression || 'none'),
    idempotent: def.idempotent !== false,
    memoryLimit: megabyte * savedNumber('memoryLimit', def.memoryLimit, 32, 0.001),
    timeouts: {
      deliveryTimeout: 1000 * savedNumber('deliveryTimeout', def.deliveryTimeout, 120, 1),
      linger: savedNumber('linger', def.linger, 0),
    },
    creation: def.createTopic
      ? {
          partitions: savedNumber('createPartitions', def.createPartitions, 1, 1),
          replicationFactor: replication > 0 ? replication : undefined,
        }
      : undefined,
  };
}
