import type { Shape, Stage } from './environment';
import type { Lane } from './flow';
import type { Scene } from './run-context';

/** One fault: what the node under test goes through while records flow. */
export interface Row {
  name: string;
  title: string;
  shape?: Shape;
  /** Brings the cluster into the state in which the flow is started. */
  before?(stage: Stage): void | Promise<void>;
  /** The fault, from its beginning to its end; the load goes on all the time. */
  fault(scene: Scene): Promise<void>;
  /** Whether records flow before the fault: a fault that is there from the beginning is not waited for. */
  fromStart?: boolean;
  /** Settings of the topics, and a second topic that each lane writes to in turn with its first. */
  topicConfig?: Record<string, string>;
  second?: 'missing' | 'denied';
  /** kafka-out's and kafka-cluster's properties in this row. */
  out?: Record<string, unknown>;
  cluster?: (stage: Stage) => Record<string, unknown>;
  extraNodes?: (stage: Stage) => Record<string, unknown>[];
  /** Records a second, over all lanes. */
  rate?: number;
  /** Every so many records one that is too large. */
  largeEvery?: number;
  /** It is about properties or commands that only this project's node has. */
  needsOurs?: boolean;
  /** The node is replaced, and counts from zero. */
  countsAnew?: boolean;
  /** Producer nodes of each variant. */
  copies?: number;
  /** Which records may be handed to a Catch node; without it none. */
  fails?(id: number): boolean;
}

/** The topics of these lanes that are there. */
export function existingTopics({ second }: Row, lanes: Lane[]): string[] {
  const all = lanes.flatMap(({ topics }) => topics);
  return second === 'missing' ? all.filter((topic) => !topic.endsWith('-missing')) : all;
}
