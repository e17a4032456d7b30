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
  /** Records handed to a Catch node although the scenario does not allow it. */
  unexpectedFailures: number;
  /** The node's counters add up and match the journal; undefined if it has none. */
  countersAgree?: boolean;
}

export interface ScenarioResult {
  scenario: string;
  lanes: LaneResult[];
  /** The process did not exit. */
  alive: boolean;
  /** Bytes; `limit` and `waitingPeak` are per node. */
  memory: { rssAtStart: number; rssPeak: number; limit: number; waitingPeak: number };
  /** Records flowed again after the fault. */
  recovered: boolean;
  /** The requirements that were not met; empty if the scenario passed. */
  violations: string[];
}

/** Measurements of the process while it ran, in bytes. */
export interface ProcessStats {
  rssAtStart: number;
  last?: State;
  waitingPeak: number;
}

const megabyte = 1_000_000;
// Four nodes at their limit of 32 MB each, times four: Node-RED holds more per message than the record's bytes.
const maxGrowth = 512 * megabyte;

interface RunOutcome {
  recovered: boolean;
  alive: boolean;
  processStats: ProcessStats;
}

/** Reads the records back and compares them with the journals. */
export async function resultOf(
  scenario: Scenario,
  environment: Environment,
  run: RunContext,
  outcome: RunOutcome,
): Promise<ScenarioResult> {
  const { alive, recovered, processStats } = outcome;
  const lanes: LaneResult[] = [];
  for (const lane of run.lanes) {
    const journal = readJournal(lane.journal);
    const log = (
      await Promise.all(existingTopics(scenario, [lane]).map((topic) => readBack(environment, topic)))
    ).flat();
    const stats = checkDelivery(journal, log, { topicCreatedAt: run.topicCreatedAt });
    lanes.push({
      variant: lane.variant.name,
      stats,
      unexpectedFailures: [...journal].filter(
        ([id, { caught }]) => caught.length > 0 && !scenario.mayFail?.(id),
      ).length,
      countersAgree: scenario.resetsCounters
        ? undefined
        : countersMatch(processStats.last?.loads[`${lane.id}-load`]?.counters, stats),
    });
  }
  const memory = {
    rssAtStart: processStats.rssAtStart,
    rssPeak: processStats.last?.peak.rss ?? 0,
    limit: memoryLimitMB * megabyte,
    waitingPeak: processStats.waitingPeak,
  };
  const result: ScenarioResult = { scenario: scenario.name, lanes, alive, recovered, memory, violations: [] };
  return { ...result, violations: violationsOf(result) };
}

async function readBack({ cluster }: Environment, topic: string): Promise<LogRecord[]> {
  const records = await readTopic(cluster.internal, topic, 0);
  return records.map(({ partition, offset, value }) => ({
    id: Number(value?.toString('latin1', 0, 12).split(':')[0]),
    topicPartition: `${topic}/${partition}`,
    offset,
  }));
}

/** Whether the node's counters add up and match the journal. */
function countersMatch(
  counters: Record<string, unknown> | undefined,
  stats: DeliveryStats,
): boolean | undefined {
  if (counters?.in === undefined) return undefined;
  const { in: accepted, acked, failed, waiting } = counters as Record<string, number>;
  const adds = accepted === Number(acked) + Number(failed) + Number(waiting);
  return adds && accepted === stats.accepted && acked === stats.acked && failed === stats.failed;
}

function violationsOf({ lanes, alive, recovered, memory }: ScenarioResult): string[] {
  const violations = lanes.flatMap(({ variant, stats, unexpectedFailures, countersAgree }) => {
    const counts = Object.entries({ ...mustBeZero(stats), 'failed unexpectedly': unexpectedFailures })
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${variant}: ${count} ${what}`);
    return countersAgree === false ? [...counts, `${variant}: counters do not match the journal`] : counts;
  });
  if (!alive) violations.push('the process exited');
  if (!recovered) violations.push('records did not flow again after the fault');
  if (memory.waitingPeak > memory.limit)
    violations.push(`${memory.waitingPeak} bytes buffered, the limit is ${memory.limit}`);
  const growth = memory.rssPeak - memory.rssAtStart;
  if (growth > maxGrowth) violations.push(`memory grew by ${Math.round(growth / megabyte)} MB`);
  return violations;
}

const mustBeZero = ({
  lost,
  noOutcome,
  twoOutcomes,
  reordered,
  misreported,
}: DeliveryStats): Record<string, number> => ({
  lost,
  'without outcome': noOutcome,
  'with two outcomes': twoOutcomes,
  reordered,
  'with a wrong offset in msg.kafka': misreported,
});
