import type { PropertyTable } from '../../src/node-red/saved-properties';

export const properties = {
  name: { default: '' },
  cluster: { default: '' },
  topic: { default: '' },
  topicType: { default: 'str' },
  key: { default: 'key' },
  keyType: { default: 'msg' },
  value: { default: 'payload' },
  valueType: { default: 'msg' },
  partition: { default: '' },
  partitionType: { default: 'num' },
  headers: { default: '' },
  headersType: { default: 'none' },
  timestamp: { default: 'timestamp' },
  timestampType: { default: 'msg' },
  acks: { default: 'all', choices: ['all', '1'] },
  idempotent: { default: true },
  compression: { default: 'none', choices: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
  /** Milliseconds. */
  linger: { default: 0, minimum: 0 },
  /** When a pending record is written to disk: once it is late, at once, never. */
  queue: { default: 'disk', choices: ['disk', 'write-ahead', 'memory'] },
  /** Megabytes. */
  memoryLimit: { default: 32, minimum: 0.001 },
  /** Megabytes; read by `disk` and `write-ahead`. */
  diskLimit: { default: 1024, minimum: 1 },
  /** Seconds; nothing expires in a disk queue. */
  deliveryTimeout: { default: 120, minimum: 1 },
  createTopic: { default: false },
  createPartitions: { default: 1, minimum: 1, integer: true },
  /** Blank for the broker's default. */
  createReplication: { default: '', minimum: 1, integer: true },
} as const satisfies PropertyTable;
