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

export interface NodeConfig {
  id: number;
  /** Its folder; the records lie in <dir>/data. */
  dir: string;
  /** The folder that holds those of all nodes, where there are several. */
  home?: string;
  ports: Ports;
  /** Every node of the cluster (this one too): id and the port of its controller. */
  voters: { id: number; port: number }[];
  secured?: SecuredListener[];
  /** What listeners tell their clients to connect to instead of themselves, by the listener's name. */
  advertised?: Record<string, Advertised>;
}

/** Without a host it is 127.0.0.1. */
export interface Advertised {
  host?: string;
  port: number;
}

const host = '127.0.0.1';

/** As the brokers of the original system were set. */
const original: Properties = {
  'log.retention.hours': 72,
  'delete.topic.enable': true,
  'auto.create.topics.enable': true,
  'num.partitions': 1,
};

/** So many copies that one of three nodes may go away. */
function copies(nodes: number): Properties {
  const factor = Math.min(nodes, 3);
  const least = Math.max(factor - 1, 1);
  return {
    'default.replication.factor': factor,
    'min.insync.replicas': least,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': least,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': least,
  };
}

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

/**
 * A broker that was killed may come back, and its partitions get other leaders, only when its old session has run
 * out: 9 s unless told otherwise. Several nodes on a busy machine starve each other for longer than one alone waits.
 */
function quickReturn(nodes: number): Properties {
  return nodes === 1
    ? { 'broker.session.timeout.ms': 1_500, 'broker.heartbeat.interval.ms': 300 }
    : { 'broker.session.timeout.ms': 3_000, 'broker.heartbeat.interval.ms': 500 };
}

/** The text of a server.properties for one combined broker and controller; `extra` wins over everything. */
export function serverProperties(config: NodeConfig, extra: Properties = {}): string {
  const { id, dir, voters, secured = [] } = config;
  const protocols = secured.map(({ name, protocol }) => `,${name}:${protocol}`).join('');
  const all: Properties = {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': voters.map((voter) => `${voter.id}@${host}:${voter.port}`).join(','),
    ...listeners(config),
    'listener.security.protocol.map': `CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT${protocols}`,
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(dir, 'data'),
    ...original,
    ...copies(voters.length),
    ...small,
    ...quickReturn(voters.length),
    ...extra,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${escaped(value)}\n`)
    .join('');
}

function listeners({ ports, secured = [], advertised = {} }: NodeConfig): Properties {
  const forClients = [
    { name: 'CLIENT', port: ports.client },
    { name: 'INTERNAL', port: ports.internal },
    ...secured,
  ];
  const all = [...forClients, { name: 'CONTROLLER', port: ports.controller }];
  const told = forClients.map(({ name, port }) => {
    const instead = advertised[name];
    return `${name}://${instead?.host ?? host}:${instead?.port ?? port}`;
  });
  return {
    listeners: all.map(({ name, port }) => `${name}://${host}:${port}`).join(','),
    'advertised.listeners': told.join(','),
  };
}

/** Kafka reads the file as Latin-1, with Java's escapes. */
function escaped(value: string | number | boolean): string {
  return String(value).replace(
    /[\\\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
