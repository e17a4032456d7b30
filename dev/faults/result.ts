import { readTopic } from '../../test/topic-reader';
import { checkDelivery, type DeliveryStats, type LogRecord } from './delivery-check';
import type { Environment } from './environment';
import { readJournal } from './journal';
import { memoryLimitMB } from './producer-under-test';
import type { RunContext, State } from './run-context';
import { existingTopics, type Scenario } from './scenario';

export interface LaneResult {
  variant: string;
  stats: DeliveryStats;
  /** Records handed to a Catch node that should not have been. */
  unexpectedFailures: number;
  /** The node's own counters add up, and agree with the journal; undefined where it keeps none. */
  countersAgree?: boolean;
}

export interface ScenarioResult {
  scenario: string;
  lanes: LaneResult[];
  /** The process lived through it. */
  alive: boolean;
  /** Bytes; the limit of one node, and the most that one said was waiting. */
  memory: { rssAtStart: number; rssPeak: number; limit: number; waitingPeak: number };
  /** Records flowed again after the fault. */
  recovered: boolean;
  /** What must be zero or true and is not, in words; empty when the scenario has passed. */
  faults: string[];
}

/** What was seen of the process while it ran. */
export interface Observed {
  /** Bytes. */
  rssAtStart: number;
  last?: State;
  waitingPeak: number;
}

const megabyte = 1_000_000;
// Four nodes at their limit of 32 MB each, and as much again three times over for what Node-RED holds of each message.
const mostGrowth = 512 * megabyte;

interface Outcome {
  recovered: boolean;
  alive: boolean;
  observed: Observed;
}

/** Reads back what lies in the log and compares it with the journals. */
export async function resultOf(
  scenario: Scenario,
  environment: Environment,
  run: RunContext,
  outcome: Outcome,
): Promise<ScenarioResult> {
  const { alive, recovered, observed } = outcome;
  const lanes: LaneResult[] = [];
  for (const lane of run.lanes) {
    const journal = readJournal(lane.journal);
    const found = (
      await Promise.all(existingTopics(scenario, [lane]).map((topic) => readBack(environment, topic)))
    ).flat();
    const stats = checkDelivery(journal, found, { since: run.since });
    lanes.push({
      variant: lane.variant.name,
      stats,
      unexpectedFailures: [...journal].filter(
        ([id, { caught }]) => caught.length > 0 && !scenario.mayFail?.(id),
      ).length,
      countersAgree: scenario.resetsCounters
        ? undefined
        : countsAgree(observed.last?.loads[`${lane.id}-load`]?.counters, stats),
    });
  }
  const memory = {
    rssAtStart: observed.rssAtStart,
    rssPeak: observed.last?.peak.rss ?? 0,
    limit: memoryLimitMB * megabyte,
    waitingPeak: observed.waitingPeak,
  };
  const result: ScenarioResult = { scenario: scenario.name, lanes, alive, recovered, memory, faults: [] };
  return { ...result, faults: faultsOf(result) };
}

async function readBack({ cluster }: Environment, topic: string): Promise<LogRecord[]> {
  const records = await readTopic(cluster.internal, topic, 0);
  return records.map(({ partition, offset, value }) => ({
    id: Number(value?.toString('latin1', 0, 12).split(':')[0]),
    topicPartition: `${topic}/${partition}`,
    offset,
  }));
}

/** The node's own account: nothing waits any more, and it has counted what the journal has. */
function countsAgree(
  counters: Record<string, unknown> | undefined,
  stats: DeliveryStats,
): boolean | undefined {
  if (counters?.in === undefined) return undefined;
  const { in: accepted, acked, failed, waiting } = counters as Record<string, number>;
  const adds = accepted === Number(acked) + Number(failed) + Number(waiting);
  return adds && accepted === stats.accepted && acked === stats.acked && failed === stats.failed;
}

function faultsOf({ lanes, alive, recovered, memory }: ScenarioResult): string[] {
  const faults = lanes.flatMap(({ variant, stats, unexpectedFailures, countersAgree }) => {
    const wrong = { ...pick(stats), 'failed without need': unexpectedFailures };
    const found = Object.entries(wrong).filter(([, count]) => count > 0);
    if (countersAgree === false) found.push(['counters that do not agree', 1]);
    return found.map(([what, count]) => `${variant}: ${count} ${what}`);
  });
  if (!alive) faults.push('the process ended');
  if (!recovered) faults.push('records did not flow again');
  if (memory.waitingPeak > memory.limit) faults.push(`${memory.waitingPeak} bytes waited`);
  const growth = memory.rssPeak - memory.rssAtStart;
  if (growth > mostGrowth) faults.push(`memory grew by ${Math.round(growth / megabyte)} MB`);
  return faults;
}

const pick = ({
  lost,
  noOutcome,
  twoOutcomes,
  reordered,
  misreported,
}: DeliveryStats): Record<string, number> => ({
  lost,
  'never answered': noOutcome,
  'answered twice': twoOutcomes,
  reordered,
  misreported,
});
