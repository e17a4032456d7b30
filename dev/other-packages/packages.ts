/** Where a producer node writes to, and how it stands in a flow. */
export interface Place {
  /** Of the producer node. */
  id: string;
  /** Of its tab. */
  tab: string;
  /** "host:port,host:port" */
  brokers: string;
  topic: string;
  /** As in a saved flow: one list of node ids an output. */
  wires?: string[][];
}

/** Another package whose node writes to Kafka. Its messages: `payload` (text, or a Buffer where `buffers`), `key` (text). */
export interface OtherPackage {
  name: string;
  version: string;
  /** Whether it writes a Buffer as it is. */
  buffers: boolean;
  /** What tells that Kafka has acknowledged a message: Node-RED's done, a message from the output, or nothing at all. */
  acknowledgedBy: 'done' | 'output' | 'nothing';
  /** How it is set here, and why. */
  settings: string;
  /** The producer node and its config node, set as `settings` says. */
  nodes(place: Place): unknown[];
}

/** The text of the status that says that the producer is connected: the same in all of them. */
export const connectedStatus = /^ready$/i;

/** As the dialogs of node-red-contrib-kafkajs and of the package made from it begin. */
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
  buffers: true,
  acknowledgedBy: 'nothing',
  settings: 'Acks ALL; idempotence is not in its dialog. Tells nothing when Kafka has acknowledged',
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
  buffers: true,
  acknowledgedBy: 'done',
  settings: 'Acks all; idempotence is not in its dialog',
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
  buffers: true,
  acknowledgedBy: 'done',
  settings: 'Acks ALL, value as it is; idempotence is not in its dialog',
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
  buffers: false,
  acknowledgedBy: 'output',
  settings: 'Require acks 1, which is its setting for an idempotent producer (acks all); no schema registry',
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

/** The other producers that install without a compiler and write to Kafka 4. */
export const otherPackages: OtherPackage[] = [kafkajs, suite, asinino, oriolrius];

const oldProtocol = 'it is built on kafka-node, whose Produce requests Kafka 4 no longer takes (KIP-896)';

/** Packages that install, and write nothing to Kafka 4. */
export const incompatiblePackages = [
  { name: 'node-red-contrib-kafka-manager', version: '0.6.2', why: oldProtocol },
  { name: 'node-red-contrib-kafka-client', version: '0.1.0', why: oldProtocol },
];
