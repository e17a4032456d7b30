import type { NodeAPI, NodeDef } from 'node-red';
import type { Cluster } from '../../src/kafka/cluster';
import { Outbox } from '../../src/kafka/delivery/outbox';
import { defineNode } from '../../src/node-red/define';
import { gauge } from '../../src/node-red/gauge';
import { InOrder } from '../../src/node-red/in-order';
import { readAll, typedReader } from '../../src/node-red/typed';
import { Problem } from '../../src/util/problem';
import { isCommand, obey } from './command';
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
  defineNode<Def>(RED, 'kafka-out', (host, saved) => {
    const def = { ...defaults, ...saved };
    const cluster = host.config<Cluster>(def.cluster, 'kafka-cluster');
    const readers = Object.fromEntries(
      fields.map((field) => [field, typedReader(RED, host.node, field, def[field], def[`${field}Type`])]),
    ) as Record<Field, ReturnType<typeof typedReader>>;
    const outbox = new Outbox(
      cluster,
      outboxOptions(def),
      () => host.status(status),
      (full) => (full ? gauge.raise(host.id, def.name || def.topic) : gauge.release(host.id)),
    );
    const status = liveStatus(host, outbox);
    const turns = new InOrder();
    if (openFixedTopic(def, outbox)) host.status(status);

    return {
      async input(msg, send) {
        // A command, too, comes after the messages before it, some of which may still be worked out.
        if (isCommand(msg)) {
          await turns.run(undefined, () => obey(host, outbox, msg));
          host.status(status);
          return send(msg);
        }
        const delivery = await turns.run(readAll(readers, msg), ({ topic, ...record }) =>
          outbox.send(topic, record),
        );
        msg.kafka = delivery;
        send(msg);
      },
      status: () => status,
      async close() {
        const lost = await outbox.close(drainMs);
        gauge.release(host.id);
        if (lost > 0) host.warn(host.words('log.unsent', { count: lost }));
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
