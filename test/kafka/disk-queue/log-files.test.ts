import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSegmentHeader, segmentHeaderBytes } from '../../../src/kafka/disk-queue/segment/format';
import { until } from '../../until';
import { folder } from './log-run';
import type { MemoryFiles } from './memory-files';
import { appendAll, numbered, numbersOf, type OpenLog, openLog, range } from './open-log';
import { readFrames } from './opened-log';

const segmentsOf = (files: MemoryFiles): string[] =>
  Object.keys(files.sizes(folder)).filter((name) => name.endsWith('.segment'));

/** Something that waits until it is opened. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A log with a segment of records numbered from 1, which is not written to any more, and one record in the next. */
async function logWithSegment(
  records: number,
): Promise<{ log: OpenLog['log']; files: MemoryFiles; seqs: number[] }> {
  const { log, files } = await openLog();
  const { seqs } = appendAll(log, range(1, records));
  await log.flush();
  log.clusterId = 'ends the segment';
  appendAll(log, [records + 1]);
  await log.flush();
  return { log, files, seqs };
}

test('disk log: a group over two segments, the second write fails -> each record synced once, in order', async () => {
  const { log, files } = await openLog(undefined, { limit: 16_000_000 });
  let writes = 0;
  files.fault = (operation) => (operation === 'write' && ++writes === 3 ? { code: 'EIO' } : undefined);
  const { synced } = appendAll(log, range(1, 30), 50_000);
  await until(() => synced.size === 30, 'all synced', 10_000);
  await log.close(1000);
  assert.deepEqual(
    [...synced],
    range(1, 30).map((number) => [number, 1]),
  );
  assert.ok(writes > 3);
  const next = await openLog(files);
  assert.deepEqual(numbersOf(next.restored), range(1, 30));
  await next.log.close(1000);
});

test('disk log: a group of 200,000 small records fails -> written again', async () => {
  const { log, files } = await openLog();
  let writes = 0;
  files.fault = (operation) => (operation === 'write' && ++writes === 2 ? { code: 'EIO' } : undefined);
  const { synced } = appendAll(log, range(1, 200_000), 4);
  await until(() => synced.size === 200_000, 'all synced', 20_000);
  await log.close(1000);
});

test('disk log: a read overlaps the rewriting of its segment -> the next read goes on after it', async () => {
  const { log, files, seqs } = await logWithSegment(3000);
  const copying = gate();
  const reading = gate();
  let isCopying = false;
  let isReading = false;
  let renames = 0;
  files.fault = (operation, path) => {
    if (operation === 'create' && path.endsWith('.rewriting')) {
      isCopying = true;
      return { wait: copying.opened };
    }
    if (operation === 'rename') renames++;
    if (operation !== 'read' || !isCopying || isReading) return undefined;
    isReading = true;
    return renames === 0 ? { wait: reading.opened } : undefined;
  };
  for (const seq of seqs.slice(0, 2000)) if (seq % 10 !== 0) log.settle(seq);
  await until(() => isCopying, 'the copy begins', 10_000);
  const first = log.read(0, 50_000, 'all');
  let turns = 0;
  await until(() => isReading || ++turns > 20, 'the read begins, or waits', 10_000);
  isReading = true;
  copying.open();
  await until(() => renames > 0, 'rewritten', 10_000);
  reading.open();
  const { frames, next } = await first;
  files.fault = () => undefined;
  const numbers = [...frames];
  for (let from = next; from !== undefined; ) {
    const page = await log.read(from, 50_000, 'all');
    numbers.push(...page.frames);
    from = page.next;
  }
  assert.deepEqual([numbers.length, log.stats.records, log.stats.damagedRecords], [1201, 1201, 0]);
  await log.close(1000);
});

test('disk log: closed while a segment is read whose records are all settled -> no file remains', async () => {
  const { log, files } = await openLog();
  const { seqs } = appendAll(log, range(1, 10));
  await log.flush();
  log.clusterId = 'ends the segment';
  const reading = gate();
  let isReading = false;
  files.fault = (operation) => {
    if (operation !== 'read') return undefined;
    isReading = true;
    return { wait: reading.opened };
  };
  const read = log.read(0, 1, 'all');
  await until(() => isReading, 'the read begins', 10_000);
  for (const seq of seqs) log.settle(seq);
  const closed = log.close(10_000);
  setImmediate(reading.open);
  await Promise.all([read, closed]);
  assert.deepEqual(files.sizes(folder), {});
});

test('disk log: a rewritten segment has its name, but the folder cannot be synced -> no record is lost', async () => {
  const { log, files, seqs } = await logWithSegment(3000);
  await log.read(seqs[0] ?? 0, 200_000, 'all');
  let renames = 0;
  files.fault = (operation) => {
    if (operation === 'rename') renames++;
    return operation === 'syncFolder' ? { code: 'EIO' } : undefined;
  };
  for (const seq of seqs) if (seq % 10 !== 0) log.settle(seq);
  await until(() => renames > 0, 'rewritten', 10_000);
  files.fault = () => undefined;
  await until(
    () => !Object.keys(files.sizes(folder)).some((name) => name.endsWith('.rewriting')),
    'ended',
    10_000,
  );
  const numbers = numbersOf(await readFrames(log, 5000));
  assert.deepEqual([numbers.length, log.stats.damagedRecords], [301, 0]);
  assert.equal(log.stats.fileBytes, files.bytesIn(folder));
  await log.close(1000);
});

test('disk log: sequence numbers with a wide gap in a small segment -> new records follow all old ones', async () => {
  const first = await openLog();
  appendAll(first.log, [1]);
  await first.log.flush();
  const { seqs } = appendAll(first.log, range(2, 50_000));
  for (const seq of seqs) first.log.settle(seq);
  appendAll(first.log, [50_001]);
  await first.log.flush();
  await first.log.close(1000);
  const { log, restored, files } = await openLog(first.files);
  assert.deepEqual(numbersOf(restored), [1, 50_001]);
  const { seqs: later } = appendAll(log, [50_002]);
  assert.ok((later[0] ?? 0) > (restored[1]?.seq ?? 0));
  await log.flush();
  assert.deepEqual(numbersOf(await readFrames(log)), [1, 50_001, 50_002]);
  await log.close(1000);
  const last = await openLog(files);
  assert.deepEqual(numbersOf(last.restored), [1, 50_001, 50_002]);
  await last.log.close(1000);
});

test('disk log: segments of a later version with the same kind of header -> unusable, nothing is changed', async () => {
  const first = await openLog();
  appendAll(first.log, range(1, 10));
  await first.log.flush();
  await first.log.close(1000);
  const { files } = first;
  const [name = ''] = segmentsOf(files);
  const path = `${folder}/${name}`;
  const content = files.contentOf(path);
  for (const at of [4, segmentHeaderBytes / 2 + 4]) content.writeUInt16LE(2, at);
  files.place(path, content);
  assert.deepEqual(decodeSegmentHeader(content), { version: 2 });
  const { log, problems } = await openLog(files);
  assert.equal(log.unusable?.key, 'disk-format-newer');
  assert.deepEqual(
    problems.map(({ key }) => key),
    ['disk-format-newer'],
  );
  assert.throws(() => log.append(numbered(1), () => {}), { key: 'disk-format-newer' });
  await log.close(1000);
  assert.deepEqual(files.contentOf(path), content);
});

test('disk log: the folder is removed when empty, and made again -> power loss after onSynced loses nothing', async () => {
  const { log, files } = await openLog();
  for (const number of [1, 2]) {
    const { seqs, synced } = appendAll(log, [number]);
    await until(() => synced.size === 1, 'synced', 5000);
    if (number === 2) break;
    for (const seq of seqs) log.settle(seq);
    await until(() => !files.hasFolder(folder), 'folder removed', 5000);
  }
  const after = await openLog(files.crash('vanish', () => 0));
  assert.deepEqual(numbersOf(after.restored), [2]);
  await after.log.close(1000);
  await Promise.race([log.close(10), undefined]);
});

test('disk log: a torn file of marks -> later marks are written all the same', async () => {
  const first = await openLog();
  const { seqs } = appendAll(first.log, range(1, 10));
  await first.log.flush();
  first.log.settle(seqs[0] ?? 0);
  await first.log.close(1000);
  const { files } = first;
  const marks = `${folder}/${Object.keys(files.sizes(folder)).find((name) => name.endsWith('.settled'))}`;
  files.place(marks, files.contentOf(marks).subarray(0, 7));
  const second = await openLog(files);
  assert.equal(second.restored.length, 10);
  for (const { seq } of second.restored.slice(0, 5)) second.log.settle(seq);
  await second.log.close(1000);
  const third = await openLog(files);
  assert.deepEqual(numbersOf(third.restored), range(6, 10));
  await third.log.close(1000);
});

test('disk log: close while a write fails -> ends at once, unlocked', async () => {
  const opened = await openLog();
  const { log, files } = opened;
  files.fault = (operation) => (operation === 'write' ? { code: 'EIO' } : undefined);
  appendAll(log, [1]);
  await until(() => log.failing, 'failing', 5000);
  let free = (): void => {};
  const wait = new Promise<void>((resolve) => {
    free = resolve;
  });
  let isWriting = false;
  files.fault = (operation) => {
    if (operation !== 'write') return undefined;
    isWriting = true;
    return { code: 'EIO', wait };
  };
  await until(() => isWriting, 'written again', 5000);
  const closing = log.close(4000);
  free();
  const begin = performance.now();
  await closing;
  assert.ok(performance.now() - begin < 200);
  assert.equal(opened.locks, 0);
});

test('disk log: a full disk of unknown size, and nothing left to write -> records are accepted again', async () => {
  const { log, files } = await openLog();
  files.space = async () => ({ total: 0, free: 0 });
  files.fault = (operation) => (operation === 'write' ? { code: 'ENOSPC' } : undefined);
  const { seqs } = appendAll(log, [1]);
  await until(() => log.failing, 'failing', 5000);
  for (const seq of seqs) log.settle(seq);
  files.fault = () => undefined;
  const append = (): boolean => {
    try {
      log.append(numbered(2), () => {});
      return true;
    } catch {
      return false;
    }
  };
  await until(append, 'accepted', 5000);
  await log.close(1000);
});

test('disk log: records are settled before they are written -> their room is free at once', async () => {
  const { log, files } = await openLog(undefined, { limit: 100_000 });
  files.fault = (operation) => (operation === 'write' ? { code: 'EIO' } : undefined);
  const { seqs } = appendAll(log, range(1, 50), 1500);
  assert.throws(() => appendAll(log, range(51, 100), 1500), { key: 'disk-full' });
  await until(() => log.failing, 'failing', 5000);
  for (const seq of seqs) log.settle(seq);
  const before = log.stats;
  appendAll(log, range(101, 120), 1500);
  assert.ok(log.stats.records - before.records === 20);
  await log.close(1000);
});
