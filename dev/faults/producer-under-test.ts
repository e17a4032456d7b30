import { version } from '../../package.json';
import { packageFolder } from '../other-packages/install';
import type { OtherPackage } from '../other-packages/packages';

/** One way of writing that is tried in every scenario. */
export interface Variant {
  name: string;
  idempotent: boolean;
  keyed: boolean;
}

/** Where a producer node stands in the flow, and what it writes to. */
export interface ProducerNodeOptions {
  /** The producer node's id. */
  id: string;
  /** The tab's. */
  z: string;
  brokers: string;
  topic: string;
  /** The topic comes with the message, in its property `topic`. */
  topicFromMessage: boolean;
  variant: Variant;
  wires: string[][];
  /** Settings of the scenario, by property, beside the usual ones. */
  out: Record<string, unknown>;
  cluster: Record<string, unknown>;
}

/** A Kafka producer node that is put through the faults. */
export interface ProducerUnderTest {
  name: string;
  variants: Variant[];
  version: string;
  /** Which property of a message holds what. */
  message: Record<string, 'value' | 'key' | 'topic'>;
  /** What tells that Kafka has a message: Node-RED's done, the node's output, or nothing. */
  acknowledgedBy: OtherPackage['acknowledgedBy'];
  /** How long it is waited for: to flow, to flow again, and to answer all. Milliseconds. */
  maxWaitMs: number;
  /** It answers `msg.action: "status"` with its counters. */
  counts?: boolean;
  /** The folder of the package that Node-RED loads; absent: this project's own nodes. */
  folder?: string;
  nodes(options: ProducerNodeOptions): Record<string, unknown>[];
}

const variants: Variant[] = [true, false].flatMap((idempotent) =>
  [true, false].map((keyed) => ({
    name: `${idempotent ? 'idempotent' : 'plain'}, ${keyed ? 'keyed' : 'keyless'}`,
    idempotent,
    keyed,
  })),
);

/** What one kafka-out may let wait. */
export const memoryLimitMB = 32;

/** This project's kafka-out. */
export const kafkaOut: ProducerUnderTest = {
  name: 'kafka-out',
  version,
  variants,
  acknowledgedBy: 'done',
  // Its own records are given up after two minutes.
  maxWaitMs: 150_000,
  counts: true,
  message: { payload: 'value', key: 'key', topic: 'topic' },
  nodes({ id, z, brokers, topic, topicFromMessage, variant, wires, out, cluster }) {
    return [
      { id: 'cluster', type: 'kafka-cluster', brokers, ...cluster },
      {
        id,
        z,
        type: 'kafka-out',
        cluster: 'cluster',
        ...(topicFromMessage ? { topic: 'topic', topicType: 'msg' } : { topic, topicType: 'str' }),
        acks: 'all',
        idempotent: variant.idempotent,
        queue: 'memory',
        memoryLimit: memoryLimitMB,
        ...out,
        wires,
      },
    ];
  },
};

/** Another package's producer node, as far as its dialog can tell keyed records from others. */
export function otherProducer(other: OtherPackage, folder: string): ProducerUnderTest {
  return {
    name: other.name,
    version: other.version,
    acknowledgedBy: other.acknowledgedBy,
    // None of them tries for longer.
    maxWaitMs: 60_000,
    variants: variants.filter(({ idempotent }) => !idempotent),
    message: { payload: 'value', key: 'key' },
    folder: packageFolder(folder, other.name),
    nodes: ({ id, z, brokers, topic, wires }) =>
      other.nodes({ id, tab: z, brokers, topic, wires }) as Record<string, unknown>[],
  };
}
