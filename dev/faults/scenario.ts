import type { ClusterKind, Environment } from './environment';
import type { Lane } from './flow';
import type { RunContext } from './run-context';

/** One fault: what the node under test goes through while records flow. */
export interface Scenario {
  name: string;
  title: string;
  clusterKind?: ClusterKind;
  /** Brings the cluster into the state in which the flow is started. */
  before?(environment: Environment): void | Promise<void>;
  /** The fault, from its beginning to its end; the load goes on all the time. */
  fault(run: RunContext): Promise<void>;
  /** Whether records flow before the fault: a fault that is there from the beginning is not waited for. */
  faultFirst?: boolean;
  /** Settings of the topics, and a second topic that each lane writes to in turn with its first. */
  topicConfig?: Record<string, string>;
  secondTopic?: 'missing' | 'denied';
  /** kafka-out's and kafka-cluster's properties in this scenario. */
  out?: Record<string, unknown>;
  cluster?: (environment: Environment) => Record<string, unknown>;
  extraNodes?: (environment: Environment) => Record<string, unknown>[];
  /** Records a second, over all lanes. */
  rate?: number;
  /** Every so many records one that is too large. */
  largeEvery?: number;
  /** It is about properties or commands that only this project's node has. */
  kafkaOutOnly?: boolean;
  /** The node is replaced, and counts from zero. */
  resetsCounters?: boolean;
  /** Producer nodes of each variant. */
  copies?: number;
  /** Which records may be handed to a Catch node; without it none. */
  mayFail?(id: number): boolean;
}

/** The topics of these lanes that are there. */
export function existingTopics({ secondTopic }: Scenario, lanes: Lane[]): string[] {
  const all = lanes.flatMap(({ topics }) => topics);
  return secondTopic === 'missing' ? all.filter((topic) => !topic.endsWith('-missing')) : all;
}
