import { readTopic } from '../../test/topic-reader';
import { type Found, judgeRun, type Verdict } from './delivery-check';
import type { Stage } from './environment';
import { readJournal } from './journal';
import { memoryLimitMB } from './producer-under-test';
import type { Scene, State } from './run-context';
import { existingTopics, type Row } from './scenario';

export interface LaneResult {
  variant: string;
  verdict: Verdict;
  /** Records handed to a Catch node that should not have been. */
  wrongFailures: number;
  /** The node's own counters add up, and agree with the journal; undefined where it keeps none. */
  counted?: boolean;
}

export interface RowResult {
  row: string;
  lanes: LaneResult[];
  /** The process lived through it. */
  alive: boolean;
  /** Bytes; the limit of one node, and the most that one said was waiting. */
  memory: { rssAtStart: number; rssPeak: number; limit: number; waitingPeak: number };
  /** Records flowed again after the fault. */
  recovered: boolean;
  /** What must be zero or true and is not, in words; empty when the row has passed. */
  faults: string[];
}

/** What was seen of the process while it ran. */
export interface Seen {
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
  seen: Seen;
}

/** Reads back what lies in the log and compares it with the journals. */
export async function resultOf(row: Row, stage: Stage, scene: Scene, outcome: Outcome): Promise<RowResult> {
  const { alive, recovered, seen } = outcome;
  const lanes: LaneResult[] = [];
  for (const lane of scene.lanes) {
    const fates = readJournal(lane.journal);
    const found = (
      await Promise.all(existingTopics(row, [lane]).map((topic) => readBack(stage, topic)))
    ).flat();
    const verdict = judgeRun(fates, found, { since: scene.since });
    lanes.push({
      variant: lane.variant.name,
      verdict,
      wrongFailures: [...fates].filter(([id, { caught }]) => caught.length > 0 && !row.fails?.(id)).length,
      counted: row.countsAnew
        ? undefined
        : countsAgree(seen.last?.loads[`${lane.id}-load`]?.counters, verdict),
    });
  }
  const memory = {
    rssAtStart: seen.rssAtStart,
    rssPeak: seen.last?.peak.rss ?? 0,
    limit: memoryLimitMB * megabyte,
    waitingPeak: seen.waitingPeak,
  };
  const result: RowResult = { row: row.name, lanes, alive, recovered, memory, faults: [] };
  return { ...result, faults: faultsOf(result) };
}

async function readBack({ cluster }: Stage, topic: string): Promise<Found[]> {
  const records = await readTopic(cluster.internal, topic, 0);
  return records.map(({ partition, offset, value }) => ({
    id: Number(value?.toString('latin1', 0, 12).split(':')[0]),
    place: `${topic}/${partition}`,
    offset,
  }));
}

/** The node's own account: nothing waits any more, and it has counted what the journal has. */
function countsAgree(counters: Record<string, unknown> | undefined, verdict: Verdict): boolean | undefined {
  if (counters?.in === undefined) return undefined;
  const { in: taken, acked, failed, waiting } = counters as Record<string, number>;
  const adds = taken === Number(acked) + Number(failed) + Number(waiting);
  return adds && taken === verdict.taken && acked === verdict.acked && failed === verdict.failed;
}

function faultsOf({ lanes, alive, recovered, memory }: RowResult): string[] {
  const faults = lanes.flatMap(({ variant, verdict, wrongFailures, counted }) => {
    const wrong = { ...pick(verdict), 'failed without need': wrongFailures };
    const found = Object.entries(wrong).filter(([, count]) => count > 0);
    if (counted === false) found.push(['counters that do not agree', 1]);
    return found.map(([what, count]) => `${variant}: ${count} ${what}`);
  });
  if (!alive) faults.push('the process ended');
  if (!recovered) faults.push('records did not flow again');
  if (memory.waitingPeak > memory.limit) faults.push(`${memory.waitingPeak} bytes waited`);
  const growth = memory.rssPeak - memory.rssAtStart;
  if (growth > mostGrowth) faults.push(`memory grew by ${Math.round(growth / megabyte)} MB`);
  return faults;
}

const pick = ({ lost, unanswered, twice, reordered, misplaced }: Verdict): Record<string, number> => ({
  lost,
  'never answered': unanswered,
  'answered twice': twice,
  reordered,
  misplaced,
});
