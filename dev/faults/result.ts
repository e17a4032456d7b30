import { existsSync, readdirSync } from 'node:fs';
import { readTopic } from '../../test/topic-reader';
import { checkDelivery, type DeliveryStats, type LogRecord } from './delivery-check';
import { keyOf, type Lane, secondFirstId } from './flow';
import { readJournal } from './journal';
import { addUp, type ProcessStats } from './process-watch';
import { memoryLimitMB, type ProducerUnderTest } from './producer-under-test';
import type { RunContext } from './run-context';
import { existingTopics, queuesOnDisk, type Scenario } from './scenario';

const maxBatchBytes = 1_000_000;
const partitionsOfTopic = 6;

export interface LaneResult {
  variant: string;
  stats: DeliveryStats;
  /** Records handed to a Catch node although the scenario does not allow it. */
  unexpectedFailures: number;
  /** The node's counters add up and match the journal; undefined if it has none. */
  countersAgree?: boolean;
  /** Records that the node reported as pending at the end, and as damaged. */
  waiting: number;
  damaged: number;
  /** Files that the node left in its queue's folder, except damaged ones. */
  leftFiles: string[];
  /** What the scenario's own check found. */
  findings: string[];
}

/** What a run showed. */
export interface Observations {
  lanes: LaneResult[];
  /** The process did not exit. */
  alive: boolean;
  /** Bytes; the limits and peaks are per node. */
  memory: { rssAtStart: number; rssPeak: number; rss: number[]; limit: number; waitingPeak: number };
  disk: { limit: number; bytesPeak: number };
  /** Records flowed again after the fault. */
  recovered: boolean;
  /** Every record was answered in time, and none was pending, on disk either. */
  drained: boolean;
  /** Counters that did not add up at some time. */
  imbalances: string[];
  /** What the fault found. */
  findings: string[];
}

const megabyte = 1_000_000;
const diskLimitMB = 1024;

interface RunOutcome {
  recovered: boolean;
  drained: boolean;
  alive: boolean;
  processStats: ProcessStats;
}

/** Reads the records back and compares them with the journals. */
export async function observe(
  scenario: Scenario,
  producer: ProducerUnderTest,
  run: RunContext,
  outcome: RunOutcome,
): Promise<Observations> {
  const { alive, recovered, drained, processStats } = outcome;
  const lanes: LaneResult[] = [];
  for (const lane of run.lanes) lanes.push(await laneResult(scenario, producer, run, lane, processStats));
  return {
    ...{ lanes, alive, recovered, drained, findings: run.findings },
    memory: {
      rssAtStart: processStats.rssAtStart,
      rssPeak: processStats.rssPeak,
      rss: processStats.rss,
      // With a queue on disk, a batch that was sent may stay beside the limit, for each partition.
      limit:
        Number(scenario.out?.memoryLimit ?? memoryLimitMB) * megabyte +
        (queuesOnDisk(scenario) ? partitionsOfTopic * maxBatchBytes : 0),
      waitingPeak: processStats.waitingPeak,
    },
    disk: {
      limit: Number(scenario.out?.diskLimit ?? diskLimitMB) * megabyte,
      bytesPeak: processStats.diskBytesPeak,
    },
    imbalances: [...processStats.imbalances].map(([load, counters]) => `${load}: ${counters}`),
  };
}

async function laneResult(
  scenario: Scenario,
  producer: ProducerUnderTest,
  run: RunContext,
  lane: Lane,
  { last }: ProcessStats,
): Promise<LaneResult> {
  const journal = readJournal(lane.journal);
  const log = await logOf(scenario, run, lane);
  const stats = checkDelivery(journal, log, {
    topicCreatedAt: run.topicCreatedAt,
    destroyed: run.destroyed.get(lane.id),
    keyOf: scenario.ordersKeysOnly ? (id) => keyOf(lane, id) : undefined,
    mayFailLate: producer.outputIsAck === true && queuesOnDisk(scenario),
  });
  if (!producer.outputIsAck) stats.broken = 0;
  const counters = lane.firstId === 0 ? last?.loads[`${lane.id}-load`]?.counters : undefined;
  const unexpected = [...journal].filter(([id, { caught }]) =>
    caught.some(({ text }) => !scenario.mayFail?.(id, text)),
  );
  return {
    ...{ variant: lane.variant.name, stats, unexpectedFailures: unexpected.length },
    countersAgree: countersMatch(counters, stats, scenario.resetsCounters === true),
    waiting: Number(counters?.waiting ?? 0),
    damaged: Number(counters?.damaged ?? 0),
    leftFiles: leftFiles(run.queueFolder(lane)),
    findings: scenario.check?.({ lane, journal, log, stats }, run) ?? [],
  };
}

/** The records of a lane in the log: a second process on the same user folder writes to the same topics. */
async function logOf(scenario: Scenario, run: RunContext, lane: Lane): Promise<LogRecord[]> {
  const { cluster } = run.environment;
  const topics = existingTopics(scenario, [lane]);
  const records = await Promise.all(topics.map((topic) => readBack(cluster.internal, topic)));
  const elsewhere = run.elsewhere.filter(({ topicPartition }) =>
    topics.some((topic) => topicPartition.startsWith(`${topic}/`)),
  );
  const isSecond = lane.firstId >= secondFirstId;
  return [...records.flat(), ...elsewhere].filter(({ id }) => id >= secondFirstId === isSecond);
}

/** Reads a topic's records. @param brokers "127.0.0.1:port,…" */
export async function readBack(brokers: string, topic: string): Promise<LogRecord[]> {
  const records = await readTopic(brokers, topic, 0);
  return records.map(({ partition, offset, timestamp, value }) => ({
    id: Number(value?.toString('latin1', 0, 12).split(':')[0]),
    topicPartition: `${topic}/${partition}`,
    offset,
    appendedAt: timestamp,
  }));
}

/** Whether the node's counters add up and match the journal; those of a node that was replaced only add up. */
function countersMatch(
  counters: Record<string, unknown> | undefined,
  stats: DeliveryStats,
  replaced: boolean,
): boolean | undefined {
  if (counters?.in === undefined) return undefined;
  const { in: accepted, acked, failed } = counters;
  const matches = accepted === stats.accepted && acked === stats.acked && failed === stats.failed;
  return addUp(counters) && (replaced || matches);
}

function leftFiles(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => !name.endsWith('.damaged'));
}
