import type { NodeAPI, NodeDef } from 'node-red';
import type { Cluster } from '../../src/kafka/cluster';
import { Outbox } from '../../src/kafka/outbox';
import { defineNode, type Message } from '../../src/node-red/define';
import { gauge } from '../../src/node-red/gauge';
import type { Host } from '../../src/node-red/host';
import { InOrder } from '../../src/node-red/in-order';
import { readAll, typedReader } from '../../src/node-red/typed';
import { Problem } from '../../src/problem';
import { type OutboxDef, outboxOptions } from './options';
import { statusOf } from './status';

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
      () => host.status(statusOf(host, outbox)),
      (full) => (full ? gauge.raise(host.id, def.name || def.topic) : gauge.release(host.id)),
    );
    const turns = new InOrder();
    openFixedTopic(host, def, outbox);

    return {
      async input(msg, send) {
        // A command, too, comes after the messages before it, some of which may still be worked out.
        if (isCommand(msg)) return turns.run(undefined, () => command(host, outbox, msg, send));
        const delivery = await turns.run(readAll(readers, msg), ({ topic, ...record }) =>
          outbox.send(topic, record),
        );
        msg.kafka = delivery;
        send(msg);
      },
      status: () => statusOf(host, outbox),
      async close() {
        const lost = await outbox.close(drainMs);
        gauge.release(host.id);
        if (lost > 0) host.log(host.words('log.unsent', { count: lost }));
      },
    };
  });
};

/** A topic that no message changes is connected to at once, so that the status tells before the first message. */
function openFixedTopic(host: Host, def: Def, outbox: Outbox): void {
  if (def.topicType === 'msg' || def.topicType === 'jsonata') return;
  if (!def.topic) throw new Problem('topic-none');
  if (def.topicType === 'str' || def.topicType === undefined) outbox.open(def.topic);
  host.status(statusOf(host, outbox));
}

/** Data that happens to carry `action` is data: a command has no payload. */
const isCommand = (msg: Message): boolean => msg.action !== undefined && msg.payload === undefined;

async function command(
  host: Host,
  outbox: Outbox,
  msg: Message,
  send: (msg: Message) => void,
): Promise<void> {
  switch (msg.action) {
    case 'flush':
      await outbox.flush();
      break;
    case 'status':
      msg.payload = { ...outbox.counters, state: outbox.health.state };
      break;
    default:
      throw new Problem('unknown-action', { action: String(msg.action), known: 'flush, status' });
  }
  host.status(statusOf(host, outbox));
  send(msg);
}
