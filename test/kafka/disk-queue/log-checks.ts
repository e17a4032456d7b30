import type { Problem } from '../../../src/util/problem';
import type { Known } from './log-model';
import { folder, type LogRun } from './log-run';

/** What the log says about itself. */
export function checkStats(run: LogRun): void {
  const { model, log } = run;
  if (run.opening || model.hadFault) return;
  const { pending } = model;
  const { stats } = log;
  const expect = (name: string, is: number, should: number): void => {
    if (is !== should) model.fail(`${name} is ${is}, not ${should}`);
  };
  expect('limit', stats.limit, run.limit);
  expect('records', stats.records, pending.length);
  if (!model.hadPowerFailure && !model.everHadFault)
    expect('damage', stats.damagedRecords + stats.damagedBytes, 0);
  for (const [seq, { id, isSettled }] of model.bySeq) {
    if (log.isPending(seq) === isSettled) model.fail(`isPending is wrong for ${id}`);
  }
  const { clusterId } = log;
  if (!clusterId) return;
  const mayBeForeign = (record: Known): boolean =>
    [...record.clusters].some((id) => id !== '' && id !== clusterId);
  const mayBeOwn = ({ clusters }: Known): boolean => clusters.has('') || clusters.has(clusterId);
  const between = (name: string, is: number, least: number, most: number): void => {
    if (is < least || is > most) model.fail(`${name} is ${is}, not ${least} to ${most}`);
  };
  const foreign = pending.filter(mayBeForeign).length;
  between('foreignRecords', stats.foreignRecords, pending.length - pending.filter(mayBeOwn).length, foreign);
  for (const { seq } of pending.slice(-3)) {
    const before = pending.filter((one) => (one.seq ?? 0) <= (seq ?? 0));
    const own = before.filter(mayBeOwn).length;
    between(
      `pendingUpTo(${seq})`,
      log.pendingUpTo(seq ?? 0),
      before.length - before.filter(mayBeForeign).length,
      own,
    );
  }
}

/** Holds when nothing is under way. */
export function checkFileBytes(run: LogRun): void {
  if (run.opening || run.model.everHadFault) return;
  const bytes = run.files.bytesIn(folder);
  if (run.log.stats.fileBytes !== bytes)
    run.model.fail(`fileBytes is ${run.log.stats.fileBytes}, not ${bytes}`);
}

/** Only a log that is full refuses a record. */
export function checkRefusal(run: LogRun, error: unknown, bytes: number): void {
  const { model, log, files } = run;
  const { key } = error as Problem;
  const isExpected = key === 'disk-full' || (model.hadFault && log.unusable === error);
  if (!isExpected) model.fail(`append threw ${error}`);
  if (!isExpected || model.everHadFault || files.others > 0) return;
  // What a segment's header, marks and records in the tail take besides their contents, and room to rewrite a segment.
  const overhead = 2000 + 50 * (model.bySeq.size + 1) + run.limit / 8;
  const { fileBytes, tailBytes } = log.stats;
  if (fileBytes + tailBytes + bytes + overhead < run.limit)
    model.fail(`${bytes} refused with ${fileBytes} and ${tailBytes} of ${run.limit}`);
}
