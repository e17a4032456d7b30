/** How to place a producer node in a flow. */
export interface ProducerNodeOptions {
  /** Id of the producer node. */
  id: string;
  /** Id of its tab. */
  tab: string;
  /** "host:port,host:port" */
  brokers: string;
  topic: string;
  /** As in a saved flow: a list of node ids per output. */
  wires?: string[][];
}

/** Another package with a Kafka producer node. It reads `msg.payload` (string or, if `acceptsBuffers`, Buffer) and `msg.key`. */
export interface OtherPackage {
  name: string;
  version: string;
  /** It writes a Buffer unchanged. */
  acceptsBuffers: boolean;
  /** What signals an acknowledged message: Node-RED's done, a message from the output, or nothing. */
  acknowledgedBy: 'done' | 'output' | 'nothing';
  /** Its settings here, for the report. */
  settings: string;
  /** The producer node and its config node. */
  nodes(options: ProducerNodeOptions): unknown[];
}

/** The status text of a connected producer: the same in all packages. */
export const connectedStatus = /^ready$/i;

/** Defaults of the dialogs of node-red-contrib-kafkajs and its fork. */
const kafkajsClient = {
  clientid: 'node-red',
  connectiontimeout: '3000',
  requesttimeout: '25000',
  loglevel: 'error',
  auth: 'none',
  advancedretry: false,
};

const kafkajs: OtherPackage = {
  name: 'node-red-contrib-kafkajs',
  version: '0.0.7',
  acceptsBuffers: true,
  acknowledgedBy: 'nothing',
  settings: 'Acks ALL; no idempotence setting; reports no acknowledgement',
  nodes: ({ id, tab, brokers, topic, wires = [] }) => [
    {
      id: `${id}-broker`,
      type: 'kafkajs-client',
      brokers,
      ...kafkajsClient,
    },
    {
      id,
      type: 'kafkajs-producer',
      z: tab,
      client: `${id}-broker`,
      topic,
      advancedoptions: true,
      acknowledge: 'all',
      partition: null,
      headeritems: {},
      key: '',
      responsetimeout: 30000,
      transactiontimeout: 60000,
      metadatamaxage: 300000,
      allowautotopiccreation: false,
      wires,
    },
  ],
};

const suite: OtherPackage = {
  name: 'node-red-contrib-kafka-suite',
  version: '0.0.5',
  acceptsBuffers: true,
  acknowledgedBy: 'done',
  settings: 'Acks all; no idempotence setting',
  nodes: ({ id, tab, brokers, topic, wires = [] }) => [
    {
      id: `${id}-broker`,
      type: 'kafka-suite-broker',
      brokers,
      clientId: 'node-red',
      backend: 'kafkajs',
      servicePreset: 'self-hosted',
      authType: 'none',
      logLevel: 'warn',
      connectionTimeout: 3000,
      requestTimeout: 30000,
      maxRetryTime: 30000,
      initialRetryTime: 300,
      retries: 5,
    },
    {
      id,
      type: 'kafka-suite-producer',
      z: tab,
      broker: `${id}-broker`,
      topic,
      key: '',
      partition: '',
      compression: 'none',
      acks: '-1',
      timeout: 30000,
      schemaRegistry: '',
      wires,
    },
  ],
};

const asinino: OtherPackage = {
  name: '@asinino/node-red-kafkajs',
  version: '0.0.7',
  acceptsBuffers: true,
  acknowledgedBy: 'done',
  settings: 'Acks ALL, value unchanged; no idempotence setting',
  nodes: ({ id, tab, brokers, topic, wires = [] }) => [
    {
      id: `${id}-broker`,
      type: 'node-red-kafkajs-broker',
      brokers,
      ...kafkajsClient,
    },
    {
      id,
      type: 'node-red-kafkajs-producer',
      z: tab,
      broker: `${id}-broker`,
      topic,
      acknowledge: 'all',
      partition: null,
      headeritems: {},
      key: '',
      keytype: 'none',
      valuetype: 'none',
      responsetimeout: 30000,
      wires,
    },
  ],
};

const oriolrius: OtherPackage = {
  name: '@oriolrius/node-red-contrib-kafka',
  version: '6.1.1',
  acceptsBuffers: false,
  acknowledgedBy: 'output',
  settings: 'Require acks 1, its setting for an idempotent producer (acks all); no schema registry',
  nodes: ({ id, tab, brokers, topic, wires = [] }) => [
    { id: `${id}-broker`, type: 'oriolrius-kafka-broker', hosts: brokers, usesasl: false, usetls: false },
    {
      id,
      type: 'oriolrius-kafka-producer',
      z: tab,
      broker: `${id}-broker`,
      topic,
      requireAcks: 1,
      ackTimeoutMs: 30000,
      attributes: 0,
      useSchemaValidation: false,
      useiot: false,
      fields: [],
      wires,
    },
  ],
};

/** Packages that install without a compiler and work with Kafka 4. */
export const otherPackages: OtherPackage[] = [kafkajs, suite, asinino, oriolrius];

const oldProtocol = 'based on kafka-node, whose Produce requests Kafka 4 rejects (KIP-896)';

/** Packages that install but cannot write to Kafka 4. */
export const incompatiblePackages = [
  { name: 'node-red-contrib-kafka-manager', version: '0.6.2', why: oldProtocol },
  { name: 'node-red-contrib-kafka-client', version: '0.1.0', why: oldProtocol },
];
