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
  /** Megabytes. */
  memoryLimit: { default: 32, minimum: 0.001 },
  /** Seconds. */
  deliveryTimeout: { default: 120, minimum: 1 },
  createTopic: { default: false },
  createPartitions: { default: 1, minimum: 1, integer: true },
  /** Blank for the broker's default. */
  createReplication: { default: '', minimum: 1, integer: true },
} as const satisfies PropertyTable;
