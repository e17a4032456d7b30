import { join } from 'node:path';
import type { ProducerUnderTest, Variant } from './producer-under-test';

/** One producer node under load: a variant, its topic, and the file its journal is kept in. */
export interface Lane {
  id: string;
  variant: Variant;
  /** Where the records go, one after the other in turn. */
  topics: string[];
  journal: string;
}

export interface FlowOptions {
  producer: ProducerUnderTest;
  lanes: Lane[];
  brokers: string;
  /** Records a second and lane. */
  rate: number;
  /** Bytes of a record's value. */
  bytes: number;
  /** Every so many records one is of `largeBytes`; 0: none. */
  largeEvery: number;
  largeBytes: number;
  out: Record<string, unknown>;
  cluster: Record<string, unknown>;
}

const z = 'tab';

/** A flow with a load, a producer node, and all three ways in which it can answer, for each lane. */
export function faultFlow(options: FlowOptions): Record<string, unknown>[] {
  const nodes = new Map<unknown, Record<string, unknown>>([[z, { id: z, type: 'tab', label: 'faults' }]]);
  for (const node of options.lanes.flatMap((lane) => laneNodes(lane, options))) nodes.set(node.id, node);
  return [...nodes.values()];
}

function laneNodes(lane: Lane, options: FlowOptions): Record<string, unknown>[] {
  const { producer, brokers, rate, bytes, largeEvery, largeBytes, out, cluster } = options;
  const { id, variant, topics, journal } = lane;
  const load = `${id}-load`;
  // A property that is nothing but a node's id makes Node-RED restart its owner together with that node.
  const scope = [id, load];
  const answer = (kind: string) => ({
    id: `${id}-${kind}`,
    type: 'fault-answer',
    z,
    load,
    answer: kind,
    wires: [],
  });
  return [
    {
      id: load,
      type: 'fault-load',
      z,
      targets: scope,
      acknowledgedBy: producer.acknowledgedBy,
      journal,
      topics,
      keyed: variant.keyed,
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
    answer('output'),
    { id: `${id}-complete`, type: 'complete', z, scope, wires: [[`${id}-done`]] },
    answer('done'),
    { id: `${id}-catch`, type: 'catch', z, scope, wires: [[`${id}-caught`]] },
    answer('caught'),
  ];
}

/** Lanes for each variant, their topics named after the scenario. */
export function lanesFor(producer: ProducerUnderTest, scenario: string, dir: string, copies = 1): Lane[] {
  const lanes = producer.variants.flatMap((variant) => Array.from({ length: copies }, () => variant));
  return lanes.map((variant, index) => ({
    id: `out-${index}`,
    variant,
    topics: [`${scenario}-${index}`],
    journal: join(dir, `journal-${index}.txt`),
  }));
}
