import type { DeliveryStats } from './delivery-check';
import type { LaneResult, Observations } from './result';

const megabyte = 1_000_000;
// Four nodes at their limit of 32 MB each, times four: Node-RED holds more per message than the record's bytes.
const maxGrowth = 512 * megabyte;

export interface ScenarioResult extends Observations {
  /** Warnings and errors in Node-RED's log. */
  warnings: string[];
  /** The requirements that were not met; empty if the scenario passed. */
  violations: string[];
}

/** The requirements that a scenario did not meet. */
export function violationsOf({
  lanes,
  alive,
  drained,
  recovered,
  memory,
  disk,
  imbalances,
  findings,
}: Observations): string[] {
  const violations = lanes.flatMap(laneViolations);
  if (!drained) violations.push('not every record was answered, or sent from disk, in time');
  if (!alive) violations.push('the process exited');
  if (!recovered) violations.push('records did not flow again after the fault');
  if (memory.waitingPeak > memory.limit)
    violations.push(`${memory.waitingPeak} bytes buffered, the limit is ${memory.limit}`);
  if (disk.bytesPeak > disk.limit)
    violations.push(`${disk.bytesPeak} bytes on disk, the limit is ${disk.limit}`);
  const growth = memory.rssPeak - memory.rssAtStart;
  if (growth > maxGrowth) violations.push(`memory grew by ${Math.round(growth / megabyte)} MB`);
  return [...violations, ...findings, ...imbalances.map((text) => `counters do not add up: ${text}`)];
}

function laneViolations(lane: LaneResult): string[] {
  const counts = Object.entries({
    ...mustBeZero(lane.stats),
    'failed unexpectedly': lane.unexpectedFailures,
    'still pending at the end': Math.abs(lane.waiting),
    'damaged although the scenario damages nothing': lane.stats.destroyed === 0 ? lane.damaged : 0,
  })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
  if (lane.countersAgree === false) counts.push('counters do not match the journal');
  if (lane.leftFiles.length > 0) counts.push(`files left in the queue: ${lane.leftFiles.join(', ')}`);
  return [...counts, ...lane.findings].map((text) => `${lane.variant}: ${text}`);
}

const mustBeZero = (stats: DeliveryStats): Record<string, number> => ({
  lost: stats.lost,
  'never answered': stats.neverAnswered,
  'answered twice': stats.answeredTwice,
  reordered: stats.reordered,
  'with a wrong offset in msg.kafka': stats.misreported,
  'with an incomplete message at the output': stats.broken,
});
