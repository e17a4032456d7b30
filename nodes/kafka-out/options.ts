import { usableCompression } from '../../src/kafka/compression';
import type { OutboxOptions } from '../../src/kafka/delivery/outbox';
import type { SavedProperties } from '../../src/node-red/saved-properties';
import type { properties } from './properties';

const megabyte = 1_000_000;

/**
 * The outbox's options, in milliseconds and bytes.
 * @throws Problem that names the field
 */
export function outboxOptions(settings: SavedProperties<typeof properties>): OutboxOptions {
  return {
    acks: settings.choice('acks'),
    compression: usableCompression(settings.get('compression') || 'none'),
    idempotent: settings.get('idempotent') !== false,
    memoryLimit: megabyte * settings.number('memoryLimit'),
    timeouts: {
      deliveryTimeout: 1000 * settings.number('deliveryTimeout'),
      linger: settings.number('linger'),
    },
    creation: settings.get('createTopic')
      ? {
          partitions: settings.number('createPartitions'),
          replicationFactor: settings.number('createReplication'),
        }
      : undefined,
  };
}
