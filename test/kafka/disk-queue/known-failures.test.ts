import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until';
import { FakeClock } from '../delivery/fake-clock';
import { folder } from './log-run';
import { randomOf } from './memory-disk';
import { MemoryFiles, type Operation } from './memory-files';
import { appendAll, filesWith, openLog, readAll, startLog } from './opened-log';

// What other queues have got wrong, by the issues that report it. Those about limits and syncs are in the files beside this one.

const names = (files: MemoryFiles): string[] => Object.keys(files.sizes(folder)).sort();

test('Vector #25570, rsyslog #5771: the process dies in the middle of a deletion -> the next one starts, nothing is left', async () => {
  const deletions: Operation[] = ['remove', 'rename', 'removeFolder'];
  for (const deletion of deletions) {
    for (let after = 0; after < 4; after++) {
      const { files } = await filesWith(['a', 'b', 'c'], ['d']);
      const { log, restored } = await openLog(files);
      log.settle(restored[0]?.seq ?? 0);
      await log.close(1000);
      let calls = 0;
      const hangs = await openLog(files);
      files.fault = (called) =>
        called === deletion && calls++ >= after ? { wait: new Promise(() => {}) } : undefined;
      for (const { seq } of hangs.restored) hangs.log.settle(seq);
      await hangs.log.close(50);
      const next = await openLog(files.crash('kill', randomOf(1)));
      assert.deepEqual(next.problems, []);
      for (const { seq } of next.restored) next.log.settle(seq);
      await next.log.close(1000);
    }
  }
});

test('Fluent Bit #11527: one record of a segment is not settled -> it stays, however often the log starts', async () => {
  let { files } = await filesWith(['a', 'b', 'c']);
  for (let start = 0; start < 3; start++) {
    const { log, texts, restored } = await openLog(files);
    assert.deepEqual(texts, start === 0 ? ['a', 'b', 'c'] : ['b']);
    for (const { seq, content } of restored) if (content.toString() !== 'b') log.settle(seq);
    await log.close(1000);
    files = files.crash('kill', randomOf(start));
  }
});

test('Telegraf #16500, Beats #32560: all is settled -> nothing comes back at any later start', async () => {
  let { files } = await filesWith(['a', 'b'], ['c']);
  for (let start = 0; start < 4; start++) {
    const { log, texts, restored } = await openLog(files);
    assert.deepEqual(texts, start === 0 ? ['a', 'b', 'c'] : []);
    for (const { seq } of restored) log.settle(seq);
    await log.close(1000);
    files = files.crash('kill', randomOf(start));
  }
  assert.ok(!files.hasFolder(folder));
});

test('Telegraf #16500: marks cannot be written for a while -> they are written later, nothing comes back', async () => {
  const { files } = await filesWith(['a', 'b', 'c']);
  const { log, restored } = await openLog(files);
  let failures = 0;
  files.fault = (operation, path) =>
    path.endsWith('.settled') && operation === 'write' ? { code: 'EIO', bytes: failures++ } : undefined;
  log.settle(restored[1]?.seq ?? 0);
  await until(() => failures > 1);
  files.fault = () => undefined;
  await log.close(1000);
  const next = await openLog(files);
  assert.deepEqual(next.texts, ['a', 'c']);
  await next.log.close(1000);
});

test('OpenTelemetry #6771: closed in the middle of a group -> what is told before comes back, nothing is told afterwards', async () => {
  for (let turns = 0; turns < 12; turns++) {
    const files = new MemoryFiles();
    files.pace = () => new Promise(setImmediate);
    const { log } = await openLog(files);
    const synced: string[] = [];
    let isClosed = false;
    for (let count = 0; count < 20; count++) {
      log.append(Buffer.from(`${count}`), () => {
        assert.ok(!isClosed);
        synced.push(`${count}`);
      });
      if (count === 10) for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    }
    await log.close(1000);
    isClosed = true;
    const next = await openLog(files);
    assert.deepEqual(next.texts.slice(0, synced.length), synced);
    assert.equal(new Set(next.texts).size, next.texts.length);
    await next.log.close(1000);
  }
});

test('Vector #26035: a large log -> it is read in parts, and never as a whole', async () => {
  const texts = Array.from({ length: 6000 }, (_, at) => `${at} `.padEnd(1000, 'x'));
  const { files } = await filesWith(texts);
  const { log, restored } = await openLog(files, { limit: 20_000_000 });
  assert.equal(restored.length, 6000);
  let pages = 0;
  for (let from: number | undefined = 0; from !== undefined; pages++) {
    const page: Awaited<ReturnType<typeof log.read>> = await log.read(from, 100_000, 'all');
    assert.ok(page.frames.length <= 100);
    from = page.next;
  }
  assert.ok(pages >= 60);
  assert.ok(files.largestRead <= 1_000_000, `${files.largestRead} bytes at once`);
  await log.close(1000);
});

test('Logstash #12345: Windows denies to rename or remove a file -> the old one stays, a later attempt survives a power failure', async () => {
  const texts = Array.from({ length: 100 }, (_, at) => `${at} `.padEnd(1500, 'x'));
  const { files } = await filesWith(texts);
  const clock = new FakeClock(['setTimeout', 'setInterval', 'Date']);
  /** Lets time pass, and the disk answer. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 500) {
      clock.tick(500);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    }
  };
  try {
    let isDenied = true;
    files.fault = (operation) =>
      isDenied && (operation === 'rename' || operation === 'remove') ? { code: 'EPERM' } : undefined;
    const { log, restored } = await openLog(files);
    for (const { seq } of restored.slice(0, 90)) log.settle(seq);
    await pass(5000);
    assert.ok(names(files).some((name) => name.endsWith('.rewriting')));
    assert.deepEqual(await readAll(log), texts.slice(90));
    isDenied = false;
    await pass(120_000);
    assert.ok(files.bytesIn(folder) < 30_000);
    assert.equal(log.stats.fileBytes, files.bytesIn(folder));
    assert.deepEqual(await readAll(log), texts.slice(90));
    const after = files.crash('vanish', randomOf(1));
    const next = await openLog(after);
    assert.deepEqual(next.texts, texts.slice(90));
    for (const { seq } of next.restored) next.log.settle(seq);
    await next.log.close(1000);
    assert.ok(!after.hasFolder(folder));
  } finally {
    clock.reset();
  }
});

test('Logstash #7538: settings change with records inside -> they come back', async () => {
  const { files } = await filesWith(['a', 'b'], ['c']);
  for (const [limit, syncIntervalMs, clusterId] of [
    [2_000_000, 20, 'A'],
    [1_000_000_000, 100, 'B'],
    [1_000_000, 1, ''],
  ] as const) {
    const { log, texts } = await openLog(files, { limit, syncIntervalMs });
    log.clusterId = clusterId;
    assert.deepEqual(texts, ['a', 'b', 'c']);
    await log.close(1000);
  }
});

test('Telegraf #18085: a thousand records in a second -> ten syncs, not a thousand', async () => {
  const clock = new FakeClock(['setTimeout', 'setInterval', 'Date']);
  try {
    const files = new MemoryFiles();
    const { log, opening } = startLog(files, { syncIntervalMs: 100 });
    await opening;
    for (let ms = 0; ms < 1000; ms++) {
      log.append(Buffer.from('a'), () => {});
      clock.tick(1);
      await new Promise(setImmediate);
    }
    assert.ok(files.syncs.length >= 9 && files.syncs.length <= 11, `${files.syncs.length} syncs`);
    assert.ok(files.folderSyncs <= 4, `${files.folderSyncs} syncs of folders`);
    const gaps = files.syncs.slice(1).map((at, index) => at - (files.syncs[index] ?? 0));
    assert.ok(Math.min(...gaps) >= 100, `gaps of ${gaps} ms`);
    const closing = log.close(1000);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    await closing;
  } finally {
    clock.reset();
  }
});

test('Fluentd #2593: filled and drained a thousand times, started a hundred times -> no file and no folder is left', async () => {
  const files = new MemoryFiles();
  for (let start = 0; start < 100; start++) {
    const { log } = await openLog(files);
    for (let round = 0; round < 10; round++) {
      for (const seq of await appendAll(log, ['a', 'b'])) log.settle(seq);
    }
    assert.ok(names(files).length <= 3, names(files).join());
    await log.close(1000);
    assert.deepEqual(names(files), []);
    assert.ok(!files.hasFolder(folder));
    assert.equal(files.openHandles, 0);
  }
});
