import { join } from 'node:path';

export type Properties = Record<string, string | number | boolean>;

export interface Ports {
  client: number;
  internal: number;
  controller: number;
}

/** A listener beside the plaintext one; its own settings go with the others as listener.name.<name>.… */
export interface SecuredListener {
  /** In capitals, e.g. "MTLS". */
  name: string;
  protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';
  port: number;
}

export interface NodeShape {
  id: number;
  /** Its folder; the records lie in <dir>/data. */
  dir: string;
  ports: Ports;
  /** Every node of the cluster (this one too): id and the port of its controller. */
  voters: { id: number; port: number }[];
  secured?: SecuredListener[];
}

const host = '127.0.0.1';

/** As the brokers of the original system were set. */
const original: Properties = {
  'log.retention.hours': 72,
  'delete.topic.enable': true,
  'auto.create.topics.enable': true,
  'num.partitions': 1,
};

const single: Properties = {
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
};

/** Small and quick; the cleaner alone takes 128 MB of heap unless told otherwise. */
const small: Properties = {
  'group.initial.rebalance.delay.ms': 0,
  'log.cleaner.dedupe.buffer.size': 2_097_152,
  'log.cleaner.io.buffer.size': 65_536,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.num.partitions': 2,
};

/** A broker that was killed may come back only when its old session has run out: 9 s unless told otherwise. */
const quickReturn: Properties = {
  'broker.session.timeout.ms': 1_500,
  'broker.heartbeat.interval.ms': 300,
};

/** The text of a server.properties for one combined broker and controller; `extra` wins over everything. */
export function serverProperties(
  { id, dir, ports, voters, secured = [] }: NodeShape,
  extra: Properties = {},
): string {
  const more = secured.map(({ name, port }) => `,${name}://${host}:${port}`).join('');
  const protocols = secured.map(({ name, protocol }) => `,${name}:${protocol}`).join('');
  const all: Properties = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters.map((voter) => `${voter.id}@${host}:${voter.port}`).join(','),
    listeners: `CLIENT://${host}:${ports.client},INTERNAL://${host}:${ports.internal},CONTROLLER://${host}:${ports.controller}${more}`,
    'advertised.listeners': `CLIENT://${host}:${ports.client},INTERNAL://${host}:${ports.internal}${more}`,
    'listener.security.protocol.map': `CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols}`,
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(dir, 'data'),
    ...original,
    ...single,
    ...small,
    ...quickReturn,
    ...extra,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
}

/** Kafka reads the file as Latin-1, with Java's escapes. */
function escaped(value: string | number | boolean): string {
  return String(value).replace(
    /[\\\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
