import { usableCompression } from '../../src/kafka/compression';
import type { OutboxOptions } from '../../src/kafka/delivery/outbox';
import type { QueueOptions } from '../../src/kafka/delivery/queue/open-queue';
import type { NodeContext } from '../../src/node-red/node-context';
import type { SavedProperties } from '../../src/node-red/saved-properties';
import { Problem } from '../../src/util/problem';
import { properties } from './properties';
import { queueFolder } from './queue-folder';

const megabyte = 1_000_000;

type Settings = SavedProperties<typeof properties>;
type Context = Pick<NodeContext, 'id' | 'RED' | 'warn'>;

/**
 * The outbox's options, in milliseconds and bytes.
 * @throws Problem that names the field
 */
export function outboxOptions(settings: Settings, context: Context): OutboxOptions & { queue: QueueOptions } {
  return {
    acks: settings.choice('acks'),
    compression: usableCompression(settings.get('compression') || 'none'),
    idempotent: settings.get('idempotent') !== false,
    memoryLimit: megabyte * settings.number('memoryLimit'),
    queue: queueOptions(settings, context),
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

function queueOptions(settings: Settings, context: Context): QueueOptions {
  const mode = settings.choice('queue');
  // The dialog hides the limit of a queue in memory, so an invalid one must not stop the node.
  const megabytes = mode === 'memory' ? properties.diskLimit.default : settings.number('diskLimit');
  const diskLimit = megabyte * megabytes;
  // A program that embeds Node-RED with a storage of its own may have no user folder.
  const { userDir } = context.RED.settings;
  if (userDir) return { mode, folder: queueFolder(userDir, context.id), diskLimit };
  if (mode !== 'memory') context.warn(new Problem('queue-no-folder'));
  return { mode: 'memory', folder: '', diskLimit };
}
