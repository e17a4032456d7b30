import type { NodeAPI, NodeDef } from 'node-red';
import type { Cluster } from '../../src/kafka/cluster';
import { Outbox } from '../../src/kafka/delivery/outbox';
import { backpressure } from '../../src/node-red/backpressure';
import { defineNode } from '../../src/node-red/define';
import { SerialQueue } from '../../src/node-red/serial-queue';
import { readFields, typedReader } from '../../src/node-red/typed-input';
import { Problem } from '../../src/util/problem';
import { isCommand, runCommand } from './command';
import { type OutboxDef, outboxOptions } from './options';
import { liveStatus } from './status';

type Field = 'topic' | 'key' | 'value' | 'partition' | 'headers' | 'timestamp';
type Def = NodeDef & OutboxDef & { cluster: string } & Record<Field | `${Field}Type`, string>;

const fields: Field[] = ['topic', 'key', 'value', 'partition', 'headers', 'timestamp'];
// What a flow that was written by hand leaves out.
const defaults = {
  key: 'key',
  keyType: 'msg',
  value: 'payload',
  valueType: 'msg',
  timestamp: 'timestamp',
  timestampType: 'msg',
};
// A container is killed ten seconds after it was asked to stop.
const drainMs = 8000;

export = (RED: NodeAPI): void => {
  defineNode<Def>(RED, 'kafka-out', (context, saved) => {
    const def = { ...defaults, ...saved };
    const cluster = context.config<Cluster>(def.cluster, 'kafka-cluster');
    const readers = Object.fromEntries(
      fields.map((field) => [field, typedReader(RED, context.node, field, def[field], def[`${field}Type`])]),
    ) as Record<Field, ReturnType<typeof typedReader>>;
    const outbox = new Outbox(
      cluster,
      outboxOptions(def),
      () => context.status(status),
      (full) =>
        full
          ? backpressure.signalFull(context.id, def.name || def.topic)
          : backpressure.signalDrained(context.id),
    );
    const status = liveStatus(context, outbox);
    const turns = new SerialQueue();
    if (openFixedTopic(def, outbox)) context.status(status);

    return {
      async input(msg, send) {
        // A command, too, comes after the messages before it, some of which may still be worked out.
        if (isCommand(msg)) {
          await turns.run(undefined, () => runCommand(context, outbox, msg));
          context.status(status);
          return send(msg);
        }
        const delivery = await turns.run(readFields(readers, msg), ({ topic, ...record }) =>
          outbox.send(topic, record),
        );
        msg.kafka = delivery;
        send(msg);
      },
      status: () => status,
      async close() {
        const lost = await outbox.close(drainMs);
        backpressure.signalDrained(context.id);
        if (lost > 0) context.warn(context.words('log.unsent', { count: lost }));
      },
    };
  });
};

/**
 * A topic that no message changes is connected to at once, so that the status tells before the first message.
 * @returns whether there is such a topic
 */
function openFixedTopic(def: Def, outbox: Outbox): boolean {
  if (def.topicType === 'msg' || def.topicType === 'jsonata') return false;
  if (!def.topic) throw new Problem('topic-none');
  if (def.topicType === 'str' || def.topicType === undefined) outbox.open(def.topic);
  return true;
}
