import { version } from '../../package.json';
import { packageFolder } from '../other-packages/install';
import type { OtherPackage } from '../other-packages/packages';

/** A configuration of the producer that every scenario tests. */
export interface Variant {
  name: string;
  idempotent: boolean;
  keyed: boolean;
}

/** How to place a producer node in the flow. */
export interface ProducerNodeOptions {
  /** The producer node's id. */
  id: string;
  /** Id of its tab. */
  z: string;
  brokers: string;
  topic: string;
  /** The topic is in `msg.topic`. */
  topicFromMessage: boolean;
  variant: Variant;
  wires: string[][];
  /** The scenario's properties for kafka-out; `cluster`: for kafka-cluster. */
  out: Record<string, unknown>;
  cluster: Record<string, unknown>;
}

/** A Kafka producer node that the scenarios test. */
export interface ProducerUnderTest {
  name: string;
  variants: Variant[];
  version: string;
  /** Which property of a message holds which part of the record. */
  message: Record<string, 'value' | 'key' | 'topic'>;
  /** What signals an acknowledged message: Node-RED's done, the node's output, or nothing. */
  acknowledgedBy: OtherPackage['acknowledgedBy'];
  /** Its output tells that Kafka has acknowledged: done may come earlier, from the disk. */
  outputIsAck?: boolean;
  /** Time limit for records to flow, to flow again after the fault, and for the last outcome. */
  maxWaitMs: number;
  /** It reports its counters on `msg.action: "status"`. */
  hasCounters?: boolean;
  /** The package folder that Node-RED loads; without it this project's nodes. */
  folder?: string;
  nodes(options: ProducerNodeOptions): Record<string, unknown>[];
}

const variants: Variant[] = [true, false].flatMap((idempotent) =>
  [true, false].map((keyed) => ({
    name: `${idempotent ? 'idempotent' : 'non-idempotent'}, ${keyed ? 'keyed' : 'keyless'}`,
    idempotent,
    keyed,
  })),
);

/** kafka-out's memory limit. */
export const memoryLimitMB = 32;

/** This project's kafka-out. */
export const kafkaOut: ProducerUnderTest = {
  name: 'kafka-out',
  version,
  variants,
  acknowledgedBy: 'done',
  outputIsAck: true,
  // Its delivery timeout is 120 s.
  maxWaitMs: 150_000,
  hasCounters: true,
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
        memoryLimit: memoryLimitMB,
        ...out,
        wires,
      },
    ];
  },
};

/** Another package's producer node; only keyed and keyless, as none has a setting for idempotence. */
export function otherProducer(other: OtherPackage, folder: string): ProducerUnderTest {
  return {
    name: other.name,
    version: other.version,
    acknowledgedBy: other.acknowledgedBy,
    // None of them retries for longer.
    maxWaitMs: 60_000,
    variants: variants.filter(({ idempotent }) => !idempotent),
    message: { payload: 'value', key: 'key' },
    folder: packageFolder(folder, other.name),
    nodes: ({ id, z, brokers, topic, wires }) =>
      other.nodes({ id, tab: z, brokers, topic, wires }) as Record<string, unknown>[],
  };
}
