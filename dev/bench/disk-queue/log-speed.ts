import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import { profiled } from '../profile';

const groupSize = 100;
const readBytes = 1_000_000;

/** Records per second in one round. */
export interface LogSpeed {
  /** Plain appends to one file, a sync each group. */
  plain: number;
  /** Into the log, a sync each group. */
  in: number;
  /** Read and settled, until the log is empty. */
  out: number;
}

/** Measures the log beside plain appends of the same records in the same groups of 100. @returns also a profile of `in` */
export async function logSpeed(
  dir: string,
  recordBytes: number,
  groups: number,
  rounds: number,
): Promise<{ speeds: LogSpeed[]; profile: string }> {
  const record = randomBytes(recordBytes);
  const group = Array.from({ length: groupSize }, () => record);
  const speeds: LogSpeed[] = [];
  // The first round compiles the code.
  for (let round = 0; round <= rounds; round++) {
    const plainFirst = round % 2 === 0;
    let plain = plainFirst ? await plainAppends(join(dir, 'plain'), group, groups) : 0;
    const log = await throughLog(join(dir, 'log'), group, groups);
    if (!plainFirst) plain = await plainAppends(join(dir, 'plain'), group, groups);
    if (round > 0) speeds.push({ plain, ...log });
  }
  const problems: string[] = [];
  const log = await openLog(join(dir, 'log'), problems);
  const { profile } = await profiled(() => fill(log, group, groups, problems));
  await empty(log);
  return { speeds, profile };
}

async function plainAppends(path: string, group: Buffer[], groups: number): Promise<number> {
  const file = await open(path, 'w');
  const begin = performance.now();
  for (let count = 0; count < groups; count++) {
    await file.write(Buffer.concat(group));
    await file.datasync();
  }
  const perSecond = rate(groups * group.length, begin);
  await file.close();
  await rm(path);
  return perSecond;
}

async function throughLog(
  folder: string,
  group: Buffer[],
  groups: number,
): Promise<{ in: number; out: number }> {
  const problems: string[] = [];
  const log = await openLog(folder, problems);
  let begin = performance.now();
  await fill(log, group, groups, problems);
  const records = groups * group.length;
  const perSecond = rate(records, begin);
  begin = performance.now();
  const read = await empty(log);
  if (read < records) throw new Error(`${read} of ${records} records were read.`);
  return { in: perSecond, out: rate(records, begin) };
}

async function openLog(folder: string, problems: string[]): Promise<DiskLog> {
  const log = new DiskLog({
    folder,
    limit: 8_000_000_000,
    syncIntervalMs: 0,
    onProblem: ({ message }) => problems.push(message),
    onChange: () => {},
  });
  await log.open(() => {});
  return log;
}

/** @throws if the log has reported a problem, or a record is not synced */
async function fill(log: DiskLog, group: Buffer[], groups: number, problems: string[]): Promise<void> {
  let synced = 0;
  for (let count = 0; count < groups; count++) {
    for (const record of group) log.append(record, () => synced++);
    await log.flush();
  }
  if (synced < groups * group.length || problems.length > 0)
    throw new Error(problems[0] ?? 'Records are not synced.');
}

/** Reads and settles all records. @returns how many */
async function empty(log: DiskLog): Promise<number> {
  let read = 0;
  for (let next: number | undefined = 0; next !== undefined; ) {
    const page: Awaited<ReturnType<DiskLog['read']>> = await log.read(next, readBytes);
    for (const { seq } of page.frames) log.settle(seq);
    read += page.frames.length;
    next = page.next;
  }
  await log.close(60_000);
  return read;
}

const rate = (records: number, begin: number): number => (records / (performance.now() - begin)) * 1000;
