import { join } from 'node:path';
import type { ProducerUnderTest, Variant } from './producer-under-test';

/** One producer node under load: its variant, its topics and its journal file. */
export interface Lane {
  id: string;
  variant: Variant;
  /** Records go to these topics in turn. */
  topics: string[];
  journal: string;
  /** The number of its first record. */
  firstId: number;
}

export interface FlowOptions {
  producer: ProducerUnderTest;
  lanes: Lane[];
  brokers: string;
  /** Records per second and lane. */
  rate: number;
  /** Size of a record's value. */
  bytes: number;
  /** Every n-th record has `largeBytes`; 0: none. */
  largeEvery: number;
  largeBytes: number;
  out: Record<string, unknown>;
  cluster: Record<string, unknown>;
}

/** The number of the first record of a second process on the same user folder. */
export const secondFirstId = 1_000_000_000;

const keys = 50;

/** What tells the records apart whose order is kept: the key that nodes/fault-load.js gives, or the record's number. */
export const keyOf = ({ variant }: Lane, id: number): string => String(variant.keyed ? id % keys : id);

const z = 'tab';

/** A flow with, for each lane, a load, a producer node, its Complete and Catch nodes, and an output that leads nowhere. */
export function faultFlow(options: FlowOptions): Record<string, unknown>[] {
  const nodes = new Map<unknown, Record<string, unknown>>([[z, { id: z, type: 'tab', label: 'faults' }]]);
  for (const node of options.lanes.flatMap((lane) => laneNodes(lane, options))) nodes.set(node.id, node);
  return [...nodes.values()];
}

function laneNodes(lane: Lane, options: FlowOptions): Record<string, unknown>[] {
  const { producer, brokers, rate, bytes, largeEvery, largeBytes, out, cluster } = options;
  const { id, variant, topics, journal } = lane;
  const load = `${id}-load`;
  // Lists, because Node-RED restarts a node together with the node whose id is the value of one of its properties.
  const scope = [id, load];
  return [
    {
      id: load,
      type: 'fault-load',
      z,
      targets: scope,
      acknowledgedBy: producer.acknowledgedBy,
      outputIsAck: producer.outputIsAck === true,
      journal,
      topics,
      keys: variant.keyed ? keys : 0,
      rate,
      bytes,
      largeEvery,
      largeBytes,
      message: producer.message,
      wires: [[id]],
    },
    ...producer.nodes({
      id,
      z,
      brokers,
      topic: topics[0] as string,
      topicFromMessage: topics.length > 1,
      variant,
      wires: [[`${id}-output`]],
      out,
      cluster,
    }),
    // Node-RED sends no message without a wire.
    { id: `${id}-output`, type: 'debug', z, active: false, wires: [] },
    { id: `${id}-complete`, type: 'complete', z, scope, wires: [] },
    { id: `${id}-catch`, type: 'catch', z, scope, wires: [] },
  ];
}

/** Lanes for each of the variants; `prefix` begins the names of their topics. */
export function lanesFor(variants: Variant[], prefix: string, dir: string, copies = 1): Lane[] {
  const lanes = variants.flatMap((variant) => Array.from({ length: copies }, () => variant));
  return lanes.map((variant, index) => ({
    id: `out-${index}`,
    variant,
    topics: [`${prefix}-${index}`],
    journal: join(dir, `journal-${index}.txt`),
    firstId: 0,
  }));
}
