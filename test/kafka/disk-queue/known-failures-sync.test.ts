import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until';
import { folder } from './log-run';
import { randomOf } from './memory-disk';
import { MemoryFiles } from './memory-files';
import { appendAll, openLog, readAll } from './opened-log';

// What other queues have got wrong about syncs and failing disks, by the issues that report it.

const names = (files: MemoryFiles): string[] => Object.keys(files.sizes(folder)).sort();

for (const operation of ['write', 'sync', 'syncFolder'] as const) {
  test(`NATS #7564, Vector #22489: ${operation} has not ended -> the record is not told as synced`, async () => {
    const files = new MemoryFiles();
    const { log } = await openLog(files);
    let end = (): void => {};
    const wait = new Promise<void>((resolve) => {
      end = resolve;
    });
    let isHeld = false;
    files.fault = (called) => {
      isHeld ||= called === operation;
      return called === operation ? { wait } : undefined;
    };
    let isSynced = false;
    log.append(Buffer.from('a'), () => {
      isSynced = true;
    });
    await until(() => isHeld);
    assert.equal(isSynced, false);
    assert.equal(log.stats.tailBytes, 1);
    end();
    await until(() => isSynced);
    assert.equal(log.stats.tailBytes, 0);
    await log.close(1000);
  });
}

test('Vector #25779: power fails right after a record of a new file is synced -> it is there, with the folders', async () => {
  for (let seed = 0; seed < 20; seed++) {
    let files = new MemoryFiles();
    for (const text of ['a', 'b', 'c']) {
      const { log, restored } = await openLog(files);
      for (const { seq } of restored) log.settle(seq);
      await log.flush();
      await until(() => log.stats.records === 0);
      await appendAll(log, [text]);
      files = files.crash(seed === 0 ? 'vanish' : 'mixed', randomOf(seed));
      const next = await openLog(files);
      assert.ok(next.texts.includes(text), `${next.texts} without ${text}`);
      await next.log.close(1000);
    }
  }
});

for (const operation of ['write', 'sync', 'create', 'syncFolder'] as const) {
  for (const bytes of operation === 'write' ? [undefined, 0, 5, 40] : [undefined]) {
    test(`Vector #14455: ${operation} fails${bytes === undefined ? '' : ` after ${bytes} bytes`} -> the group goes to a new file, what is told is on the disk`, async () => {
      const files = new MemoryFiles();
      const { log, problems } = await openLog(files);
      await appendAll(log, ['a', 'b']);
      let isBroken = true;
      files.fault = (called) => (called === operation && isBroken ? { code: 'EIO', bytes } : undefined);
      // Only a new segment needs a new name.
      if (operation === 'create' || operation === 'syncFolder') log.clusterId = 'A';
      const synced: string[] = [];
      for (const text of ['c', 'd']) log.append(Buffer.from(text), () => synced.push(text));
      await log.flush();
      assert.equal(log.failing?.key, 'disk-failed');
      assert.deepEqual(synced, []);
      assert.equal(log.stats.records, 4, 'nothing is given up');
      isBroken = false;
      await until(() => synced.length === 2);
      assert.deepEqual(
        problems.map(({ key }) => key),
        ['disk-failed', 'disk-works-again'],
      );
      assert.ok(names(files).length >= 2, 'a file whose sync failed is not used again');
      const next = await openLog(files.crash('vanish', randomOf(1)));
      assert.deepEqual(next.texts, ['a', 'b', 'c', 'd']);
      await next.log.close(1000);
    });
  }
}

test('Vector #14455: the file that failed is back after a power failure -> each record comes back once', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files);
  await appendAll(log, ['a', 'b']);
  let syncs = 0;
  files.fault = (called) => {
    // The new file is synced, its name is not; then it can neither be cut nor removed.
    if (called === 'syncFolder' && syncs++ === 0) return { code: 'EIO' };
    return called === 'remove' || called === 'truncate' ? { code: 'EPERM' } : undefined;
  };
  log.clusterId = 'A';
  const synced: string[] = [];
  for (const text of ['c', 'd']) log.append(Buffer.from(text), () => synced.push(text));
  await until(() => synced.length === 2);
  const after = files.crash('vanish', randomOf(1));
  assert.equal(names(after).length, 3);
  const next = await openLog(after);
  assert.deepEqual(next.texts, ['a', 'b', 'c', 'd']);
  assert.deepEqual(await readAll(next.log), ['a', 'b', 'c', 'd']);
  for (const { seq } of next.restored) next.log.settle(seq);
  await next.log.close(1000);
  assert.ok(!after.hasFolder(folder));
});

test('Logstash #12040: power fails, and the end of the file is zeros -> what is before comes back, and the log goes on', async () => {
  const files = new MemoryFiles();
  const { log } = await openLog(files);
  await appendAll(log, ['a', 'b']);
  let isWritten = false;
  files.fault = (operation) => {
    if (operation !== 'sync') return undefined;
    isWritten = true;
    return { wait: new Promise(() => {}) };
  };
  log.append(Buffer.alloc(100_000, 1), () => assert.fail('not synced'));
  await until(() => isWritten);
  const after = files.crash('zeros', randomOf(1));
  const next = await openLog(after);
  assert.deepEqual(next.texts, ['a', 'b']);
  assert.deepEqual(
    next.problems.map(({ key }) => key),
    ['disk-cut-off'],
  );
  await appendAll(next.log, ['c']);
  await next.log.close(1000);
  assert.deepEqual((await openLog(after)).texts, ['a', 'b', 'c']);
});
