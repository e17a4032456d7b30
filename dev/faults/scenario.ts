import type { DeliveryStats, LogRecord } from './delivery-check';
import type { ClusterKind, Environment, TopicShape } from './environment';
import type { Lane } from './flow';
import type { Journal } from './journal';
import type { Variant } from './producer-under-test';
import type { RunContext } from './run-context';

/** A fault that is injected while records flow through the producer under test. */
export interface Scenario {
  /** Used by `--only` and in the names of topics. */
  name: string;
  /** Describes the fault in docs/faults.md. */
  title: string;
  /** The cluster that it needs; "plain" by default. */
  clusterKind?: ClusterKind;
  /** Prepares the cluster before the flow starts. */
  before?(environment: Environment): void | Promise<void>;
  /** Injects the fault and repairs it; the load continues meanwhile. */
  fault(run: RunContext): Promise<void>;
  /** The fault is present when the flow starts: do not wait for records to flow first. */
  faultFirst?: boolean;
  topics?: TopicShape;
  /** Adds a second topic to each lane; records alternate between the two. */
  secondTopic?: 'missing' | 'denied';
  /** Properties of kafka-out. */
  out?: Record<string, unknown>;
  /** Properties of kafka-cluster. */
  cluster?: (environment: Environment) => Record<string, unknown>;
  extraNodes?: (environment: Environment) => Record<string, unknown>[];
  /** Records per second over all lanes. */
  rate?: number;
  /** Every n-th record is larger than the broker accepts. */
  largeEvery?: number;
  /** Needs properties or commands that only kafka-out has. */
  kafkaOutOnly?: boolean;
  /** Replaces the node or Node-RED, so the node's counters restart at zero. */
  resetsCounters?: boolean;
  /** Producer nodes per variant. */
  copies?: number;
  /** The variants that it tests; all by default. */
  variants?(variant: Variant): boolean;
  /** Which records may be handed to a Catch node, and why; none by default. */
  mayFail?(id: number, text: string): boolean;
  /** Keys move to other partitions: the order is kept for each key, and none without keys. */
  ordersKeysOnly?: boolean;
  /** Time for the last outcome and for an empty queue, in milliseconds, instead of the producer's. */
  drainLimitMs?: number;
  /** What else this fault requires of each lane. @returns violations */
  check?(lane: CheckedLane, run: RunContext): string[];
}

/** What is known about a lane at the end. */
export interface CheckedLane {
  lane: Lane;
  journal: Journal;
  log: LogRecord[];
  stats: DeliveryStats;
}

/** The topics of these lanes that the scenario creates. */
export function existingTopics({ secondTopic }: Scenario, lanes: Lane[]): string[] {
  const all = lanes.flatMap(({ topics }) => topics);
  return secondTopic === 'missing' ? all.filter((topic) => !topic.endsWith('-missing')) : all;
}

/** The scenario's queue keeps records on disk. */
export const queuesOnDisk = ({ out }: Scenario): boolean => out?.queue !== 'memory';

/** For `mayFail`: a message that arrives while the node closes goes to a Catch node. */
export const arrivedWhileClosing = (_id: number, text: string): boolean => /closed|closing/.test(text);
