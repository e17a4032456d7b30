import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import { Problem } from '../../../src/util/problem';
import { until } from '../../until';
import { check } from './log-actions';
import { folder } from './log-run';
import { MemoryFiles } from './memory-files';
import { appendAll, openLog } from './opened-log';

// What other queues have got wrong about limits and full disks, by the issues that report it.

const limit = 1_000_000;

/** Appends until it is refused. @returns how many were accepted */
async function fill(log: DiskLog, bytes: number): Promise<number> {
  for (let count = 0; ; count++) {
    try {
      log.append(Buffer.alloc(bytes, 7), () => {});
    } catch (error) {
      assert.ok(error instanceof Problem && error.key === 'disk-full', String(error));
      await log.flush();
      return count;
    }
  }
}

const isRefused = (log: DiskLog, bytes: number): boolean => {
  try {
    log.append(Buffer.alloc(bytes), () => {});
    return false;
  } catch {
    return true;
  }
};

test('Logstash #6625: the process dies again and again while the log is full -> the files stay within the limit', async () => {
  let files = new MemoryFiles();
  let records = 0;
  for (let round = 0; round < 20; round++) {
    const { log, restored } = await openLog(files, { limit });
    assert.equal(restored.length, records);
    records += await fill(log, round % 2 === 0 ? 10_000 : 100);
    assert.ok(files.bytesIn(folder) <= limit, `${files.bytesIn(folder)} bytes`);
    files = files.crash('kill', Math.random);
  }
  assert.ok(records > 80);
});

test('Logstash #6627: a limit below the size of a segment -> it holds', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files, { limit: 300_000 });
  assert.ok((await fill(log, 5000)) > 40);
  assert.ok(files.bytesIn(folder) <= 300_000);
  await log.close(1000);
});

test('a record larger than the limit -> refused, smaller ones are accepted', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files, { limit });
  assert.ok(isRefused(log, limit));
  assert.ok(isRefused(log, 10 * limit));
  await appendAll(log, ['a']);
  assert.equal(log.stats.records, 1);
  await log.close(1000);
});

test('Logstash #16172: the log is filled to the last byte -> it starts again, with every record', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files, { limit });
  let records = await fill(log, 10_000);
  for (let bytes = 5000; bytes >= 1; bytes = Math.floor(bytes / 2)) records += await fill(log, bytes);
  assert.ok(isRefused(log, 0));
  await log.close(1000);
  const next = await openLog(files, { limit });
  assert.equal(next.restored.length, records);
  assert.ok(isRefused(next.log, 0));
  for (const { seq } of next.restored) next.log.settle(seq);
  await until(() => !isRefused(next.log, 10_000));
  await next.log.close(1000);
});

test('the log is full of small records, and every second one is settled -> the marks fit too', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files, { limit });
  const records = (await fill(log, 4)) + (await fill(log, 4));
  const { frames } = await log.read(0, 1e9);
  assert.equal(frames.length, records);
  for (const { seq } of frames) if (seq % 2 === 0) log.settle(seq);
  await log.close(1000);
  assert.ok(files.bytesIn(folder) <= limit, `${files.bytesIn(folder)} bytes`);
  const next = await openLog(files, { limit });
  assert.equal(next.restored.length, frames.filter(({ seq }) => seq % 2 !== 0).length);
  await next.log.close(1000);
});

test('OpenTelemetry #9451: the limit is lowered below what is there -> all comes back, new ones are refused until there is room', async () => {
  const files = new MemoryFiles();
  const first = await openLog(files, { limit: 10_000_000 });
  const records = await fill(first.log, 100_000);
  await first.log.close(1000);
  const { log, restored, problems } = await openLog(files, { limit });
  assert.equal(restored.length, records);
  assert.equal(log.stats.limit, limit);
  assert.ok(isRefused(log, 1));
  for (const { seq } of restored.slice(0, -4)) log.settle(seq);
  await until(() => !isRefused(log, 1));
  await log.flush();
  assert.ok(files.bytesIn(folder) <= limit);
  assert.deepEqual(problems, []);
  await log.close(1000);
});

test('Vector #10436: filled, drained and started again -> not full', async () => {
  const files = new MemoryFiles();
  for (let round = 0; round < 5; round++) {
    const { log, restored } = await openLog(files, { limit });
    assert.equal(log.stats.fileBytes, files.bytesIn(folder));
    for (const { seq } of restored) log.settle(seq);
    await until(() => log.stats.records === 0 && !isRefused(log, 10_000));
    assert.ok((await fill(log, 10_000)) > 80);
    assert.equal(log.stats.fileBytes, files.bytesIn(folder));
    await log.close(1000);
  }
});

test('Logstash #6626: full -> it accepts again after the first segment is free, without a restart', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files, { limit: 4_000_000 });
  const seqs: number[] = [];
  while (!isRefused(log, 100_000)) seqs.push(0);
  await log.flush();
  const { frames } = await log.read(0, 1e9);
  assert.equal(frames.length, seqs.length);
  for (const { seq } of frames.slice(0, 10)) log.settle(seq);
  await until(() => !isRefused(log, 100_000));
  await log.close(1000);
});

test('Logstash #8098, Telegraf #18528: no space left on the disk -> what is there stays, and goes on when there is space', async () => {
  const files = new MemoryFiles();
  const { log, problems } = await openLog(files);
  await appendAll(log, ['a']);
  Object.assign(files, { total: 1e10, others: 1e10 });
  const synced: string[] = [];
  log.append(Buffer.from('b'), () => synced.push('b'));
  await log.flush();
  assert.equal(log.failing?.key, 'disk-full');
  assert.deepEqual(problems, [log.failing]);
  assert.throws(() => log.append(Buffer.from('c'), () => {}), { key: 'disk-full' });
  files.others = 0;
  await until(() => synced.length > 0);
  assert.equal(log.failing, undefined);
  assert.equal(problems.at(-1)?.key, 'disk-works-again');
  await log.close(1000);
  Object.assign(files, { others: 1e10 });
  const next = await openLog(files);
  assert.deepEqual(next.texts, ['a', 'b']);
  for (const { seq } of next.restored) next.log.settle(seq);
  await next.log.close(1000);
  assert.ok(!files.hasFolder(folder), 'a full disk can be emptied');
});

test('the last 100 MB of the disk, or 5 % -> stay free', async () => {
  for (const [total, reserve] of [
    [1e9, 5e7],
    [1e11, 1e8],
  ] as const) {
    const files = new MemoryFiles();
    Object.assign(files, { total, others: total - reserve - 100_000 });
    const { log } = await openLog(files, { limit: 1e9 });
    await appendAll(log, ['a']);
    for (let count = 0; count < 20 && !isRefused(log, 10_000); count++) await log.flush();
    const { free } = await files.space(folder);
    assert.ok(free >= reserve, `${free} of ${reserve} bytes are free`);
    assert.ok(free < reserve + 30_000);
    await log.close(1000);
  }
});

test('limit lowered, and a record appended before all is scanned -> files and marks within the limit', async () => {
  await check({
    limit: 20_000,
    syncIntervalMs: 20,
    seed: 0,
    actions: [
      { type: 'append', bytes: 4, count: 20 },
      { type: 'reopen', flush: true, await: false, limit: 1500 },
      { type: 'append', bytes: 300, count: 1 },
      { type: 'flush', append: false },
      { type: 'settle', pick: 0, count: 1 },
      { type: 'settle', pick: 101, count: 1 },
    ],
  });
});

test('power loss brings a deleted segment back -> above the limit nothing is written but marks', async () => {
  await check({
    limit: 6000,
    syncIntervalMs: 20,
    seed: 0,
    actions: [
      { type: 'crash', crash: 'kill', await: true },
      { type: 'append', bytes: 2000, count: 20 },
      { type: 'read-on', maxBytes: 1 },
      { type: 'read', maxBytes: 1, which: 'own' },
      { type: 'cluster', id: 'A' },
      { type: 'flush', append: false },
      { type: 'settle', pick: 0, count: 1 },
      { type: 'flush', append: false },
      { type: 'append', bytes: 300, count: 20 },
      { type: 'wait', ms: 100 },
      { type: 'crash', crash: 'vanish', await: false },
      { type: 'wait', ms: 1100 },
      { type: 'settle', pick: 1, count: 1 },
    ],
  });
});

test('segments that two processes in a row cannot read -> a record of the second has a number of its own', async () => {
  await check({
    limit: 1500,
    syncIntervalMs: 20,
    seed: 0,
    actions: [
      { type: 'fault', fault: { operations: ['write'], wait: new Promise(() => {}), after: 0, times: 1 } },
      { type: 'flush', append: true },
      { type: 'fault', fault: { operations: ['read', 'openToRead'], code: 'EIO', after: 0, times: 10 } },
      { type: 'reopen', flush: false, await: false, limit: 1500 },
      { type: 'append', bytes: 4, count: 1 },
      { type: 'wait', ms: 100 },
      { type: 'crash', crash: 'vanish', await: false },
      { type: 'flush', append: true },
    ],
  });
});

test('sync fails, and what was written cannot be cut off -> its bytes count', async () => {
  await check({
    limit: 1500,
    syncIntervalMs: 20,
    seed: 0,
    actions: [
      { type: 'fault', fault: { operations: ['sync'], code: 'EIO', after: 1, times: 1 } },
      { type: 'fault', fault: { operations: ['truncate'], code: 'EIO', after: 0, times: 1 } },
      { type: 'flush', append: true },
      { type: 'append', bytes: 300, count: 3 },
      { type: 'wait', ms: 2500 },
    ],
  });
});
