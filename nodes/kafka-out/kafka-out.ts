import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { RetentionWarnings } from '../../src/kafka/admin/topic-retention';
import type { Cluster } from '../../src/kafka/cluster';
import { Outbox } from '../../src/kafka/delivery/outbox';
import { snapshot } from '../../src/kafka/delivery/record/snapshot';
import { topicName } from '../../src/kafka/topic-name';
import { backpressure } from '../../src/node-red/backpressure';
import { defineNode } from '../../src/node-red/define';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { SerialQueue } from '../../src/node-red/serial-queue';
import { nameReader, readFields, type TypedReader, typedReader } from '../../src/node-red/typed-input';
import { Problem } from '../../src/util/problem';
import { within } from '../../src/util/within';
import { isCommand, runCommand } from './command';
import { outboxOptions } from './options';
import { logOrphans } from './orphan-log';
import { leftLine } from './orphans';
import { properties } from './properties';
import { deliveredMessage, rebuiltMessage } from './queue-messages';
import { liveStatus } from './status';

const fields = ['topic', 'key', 'value', 'partition', 'headers', 'timestamp'] as const;
type Field = (typeof fields)[number];

// The types of typed inputs whose values may arrive later.
const lateTypes = ['jsonata', 'flow', 'global'];

// A container is killed ten seconds after it receives the signal to stop.
const drainMs = 8000;
// A value that takes longer, such as a JSONata expression that waits, is too late for a closing node.
const lateValueMs = 500;

export = (RED: NodeAPI): void => {
  defineNode<SavedNode<typeof properties>>(RED, 'kafka-out', (context, def) => {
    const settings = new SavedProperties(properties, def, context.variable);
    const cluster = context.config<Cluster>(settings.get('cluster'), 'kafka-cluster');
    const readers = fieldReaders(RED, context.node, def, settings);
    const name = settings.get('name') || settings.get('topic');
    const topic = fixedTopic(settings);
    const options = outboxOptions(settings, context);
    const retention = new RetentionWarnings(cluster.admin, (problem) => context.warn(problem));
    const outbox = new Outbox(
      cluster,
      options,
      () => context.status(status),
      (full) => (full ? backpressure.signalFull(context.id, name) : backpressure.signalDrained(context.id)),
      {
        delivered(message, delivery) {
          retention.check(delivery.topic, delivery.timestamp);
          context.send([deliveredMessage(message, delivery)]);
        },
        failed: (message, problem) => context.fail(problem, rebuiltMessage(message)),
        problem: (problem) => context.warn(problem),
      },
    );
    const orphans = logOrphans(context);
    const status = liveStatus(context, outbox);
    const queue = new SerialQueue();
    if (topic.fixed) context.status(status);
    if (topic.name !== undefined) outbox.open(topic.name);

    return {
      async input(msg, send) {
        // A command waits for the messages before it: their values may still be pending.
        if (isCommand(msg)) {
          await queue.run(undefined, () => runCommand(context, outbox, msg, send));
          context.status(status);
          return send(msg);
        }
        const { answer, safe } = await queue.run(readFields(readers, msg), async ({ topic, ...record }) =>
          outbox.accept(topic, record, msg._msgid),
        );
        let isDone = false;
        answer.then(
          (delivery) => {
            retention.check(delivery.topic, delivery.timestamp);
            msg.kafka = delivery;
            send(msg);
          },
          (problem) => {
            // The message was complete when its record was on disk.
            if (isDone) context.fail(problem, msg);
          },
        );
        await safe;
        isDone = true;
      },
      status: () => status,
      takesLate: true,
      async close(removed) {
        await nextTurn();
        await within(
          queue.run(undefined, async () => {}),
          lateValueMs,
          () => {},
        );
        retention.close();
        orphans.close();
        const lost = await outbox.close(drainMs);
        backpressure.signalDrained(context.id);
        if (lost > 0) context.warn(context.words('log.unsent', { count: lost }));
        const { onDisk } = outbox.report();
        if (removed && onDisk > 0) context.warn(leftLine(context, onDisk, options.queue?.folder ?? ''));
      },
    };
  });
};

/** Readers of all fields. If one of them may take time, the others keep copies of what they read. */
function fieldReaders(
  RED: NodeAPI,
  node: Node,
  def: SavedNode<typeof properties>,
  settings: SavedProperties<typeof properties>,
): Record<Field, TypedReader> {
  // In a flow written by hand, a field may have a value and no type: "none" would ignore the value.
  const typeOf = (field: Field): string =>
    def[`${field}Type`] === undefined && def[field] && properties[`${field}Type`].default === 'none'
      ? 'str'
      : settings.get(`${field}Type`);
  const late = fields.some((field) => lateTypes.includes(typeOf(field)));
  const readers = fields.map((field): [Field, TypedReader] => {
    const reader = field === 'topic' ? nameReader : typedReader;
    const read = reader(RED, node, field, settings.get(field), typeOf(field));
    return [field, late ? (msg) => snapshot(field, read(msg)) : read];
  });
  return Object.fromEntries(readers) as Record<Field, TypedReader>;
}

/**
 * The topic that no message changes: it is connected at once, so that the status is right before the first message.
 * @returns `name` is undefined where another node may change it
 * @throws Problem "topic-none"
 */
function fixedTopic(settings: SavedProperties<typeof properties>): { fixed: boolean; name?: string } {
  const type = settings.get('topicType');
  const topic = type === 'str' ? settings.text('topic') : settings.get('topic');
  if (type === 'msg' || type === 'jsonata') return { fixed: false };
  if (!topic) throw new Problem('topic-none');
  return { fixed: true, name: type === 'str' ? topicName(topic) : undefined };
}
