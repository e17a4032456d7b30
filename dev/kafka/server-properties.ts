import { join } from 'node:path';

export type Properties = Record<string, string | number | boolean>;

export interface Ports {
  client: number;
  internal: number;
  controller: number;
}

/** An additional listener; its options are properties named listener.name.<name>.… */
export interface SecuredListener {
  /** Upper case, e.g. "MTLS". */
  name: string;
  protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';
  port: number;
}

export interface NodeConfig {
  id: number;
  /** Its directory; the records are in <dir>/data. */
  dir: string;
  /** The parent directory of all nodes of a cluster. */
  home?: string;
  ports: Ports;
  /** All nodes of the cluster, including this one: id and controller port. */
  voters: { id: number; port: number }[];
  secured?: SecuredListener[];
  /** Advertised addresses, by listener, where they differ from the bound ones. */
  advertised?: Record<string, Advertised>;
}

/** An advertised address; `host` defaults to 127.0.0.1. */
export interface Advertised {
  host?: string;
  port: number;
}

const host = '127.0.0.1';

/** The settings of the original system's brokers. */
const original: Properties = {
  'log.retention.hours': 72,
  'delete.topic.enable': true,
  'auto.create.topics.enable': true,
  'num.partitions': 1,
};

/** Replication that tolerates the loss of one of three nodes. */
function replication(nodes: number): Properties {
  const factor = Math.min(nodes, 3);
  const minInSync = Math.max(factor - 1, 1);
  return {
    'default.replication.factor': factor,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': minInSync,
  };
}

/** Low memory use: the log cleaner's default buffer alone takes 128 MB of heap. */
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
 * Fast failover: a killed broker can rejoin, and its partitions get new leaders, only after its session timeout (9 s by
 * default). Several nodes need more than one: on a busy machine they delay each other's heartbeats.
 */
function fastFailover(nodes: number): Properties {
  return nodes === 1
    ? { 'broker.session.timeout.ms': 1_500, 'broker.heartbeat.interval.ms': 300 }
    : { 'broker.session.timeout.ms': 3_000, 'broker.heartbeat.interval.ms': 500 };
}

/** The content of server.properties for a combined broker and controller; `extra` overrides all defaults. */
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
    ...replication(voters.length),
    ...small,
    ...fastFailover(voters.length),
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
  const advertisedListeners = forClients.map(({ name, port }) => {
    const instead = advertised[name];
    return `${name}://${instead?.host ?? host}:${instead?.port ?? port}`;
  });
  return {
    listeners: all.map(({ name, port }) => `${name}://${host}:${port}`).join(','),
    'advertised.listeners': advertisedListeners.join(','),
  };
}

/** Kafka reads the file as Latin-1 with Java's escapes. */
function escaped(value: string | number | boolean): string {
  return String(value).replace(
    /[\\\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
