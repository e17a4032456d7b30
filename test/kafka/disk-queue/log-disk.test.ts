import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until';
import { folder } from './log-run';
import { failure, MemoryFiles } from './memory-files';
import { appendAll, numbersOf, openLog, range } from './open-log';
import { readFrames } from './opened-log';

const segmentsOf = (files: MemoryFiles): string[] =>
  Object.keys(files.sizes(folder)).filter((name) => name.endsWith('.segment'));

test('disk log: a person deletes the folder -> what is gone does not count for ever', async () => {
  const { log, files } = await openLog();
  const { seqs } = appendAll(log, range(1, 10));
  await log.flush();
  for (const name of Object.keys(files.sizes(folder))) await files.remove(`${folder}/${name}`);
  await files.removeFolder(folder);
  for (const seq of seqs) log.settle(seq);
  await until(() => log.stats.fileBytes === 0, 'nothing counts', 5000);
  const { synced } = appendAll(log, [11]);
  await until(() => synced.size === 1, 'synced', 5000);
  await log.close(1000);
  const next = await openLog(files);
  assert.deepEqual(numbersOf(next.restored), [11]);
  await next.log.close(1000);
});

test('disk log: a person deletes the folder with pending records -> counted as damaged, and the log goes on', async () => {
  const { log, files } = await openLog();
  appendAll(log, range(1, 10));
  await log.flush();
  for (const name of Object.keys(files.sizes(folder))) await files.remove(`${folder}/${name}`);
  await files.removeFolder(folder);
  await until(
    () =>
      readFrames(log).then(
        ({ length }) => length === 0 && log.stats.records === 0,
        () => false,
      ),
    'told',
    5000,
  );
  assert.equal(log.stats.damagedRecords, 10);
  const { synced } = appendAll(log, [11]);
  await until(() => synced.size === 1, 'synced', 10_000);
  assert.deepEqual(numbersOf(await readFrames(log)), [11]);
  await log.close(1000);
});

test('disk log: the folder cannot be made because the disk is full -> works when there is room', async () => {
  const { log, files } = await openLog();
  files.fault = (operation) => (operation === 'makeFolder' ? { code: 'ENOSPC' } : undefined);
  const { synced } = appendAll(log, [1]);
  await until(() => log.failing, 'failing', 5000);
  assert.equal(log.unusable, undefined);
  files.fault = () => undefined;
  await until(() => synced.size === 1, 'synced', 10_000);
  assert.equal(log.failing, undefined);
  await log.close(1000);
});

test('disk log: the folder may not be written -> unusable', async () => {
  for (const code of ['EACCES', 'EROFS']) {
    const { log, files } = await openLog();
    files.fault = (operation) => (operation === 'makeFolder' ? { code } : undefined);
    appendAll(log, [1]);
    await until(() => log.unusable, 'unusable', 5000);
    assert.equal(log.unusable?.key, 'disk-unusable');
    await log.close(1000);
  }
});

test('disk log: the size of the file system is unknown -> records are written', async () => {
  for (const space of [async () => ({ total: 0, free: 0 }), async () => Promise.reject(failure('ENOSYS'))]) {
    const files = new MemoryFiles();
    files.space = space;
    const { log } = await openLog(files);
    const { synced } = appendAll(log, [1]);
    await until(() => synced.size === 1, 'synced', 5000);
    await log.close(1000);
  }
});

test('disk log: one segment cannot be opened at start -> the others come back, and it does at a later start', async () => {
  const first = await openLog();
  for (const clusterId of ['A', 'B', 'C']) {
    first.log.clusterId = clusterId;
    appendAll(first.log, [clusterId.charCodeAt(0)]);
    await first.log.flush();
  }
  await first.log.close(1000);
  const { files } = first;
  const [, broken = ''] = segmentsOf(files).sort();
  files.fault = (operation, path) =>
    operation === 'openToRead' && path.endsWith(broken) ? { code: 'EIO' } : undefined;
  const second = await openLog(files);
  assert.equal(second.log.unusable, undefined);
  assert.deepEqual(numbersOf(second.restored), [65, 67]);
  assert.deepEqual(
    second.problems.map(({ key }) => key),
    ['disk-unreadable'],
  );
  files.fault = () => undefined;
  await second.log.close(1000);
  const third = await openLog(files);
  assert.deepEqual(numbersOf(third.restored), [65, 66, 67]);
  await third.log.close(1000);
});

test('disk log: too many open files for a while -> reads fail, no record is given up', async () => {
  const { log, files } = await openLog();
  appendAll(log, range(1, 10));
  await log.flush();
  files.fault = (operation) => (operation === 'openToRead' ? { code: 'EMFILE' } : undefined);
  for (let attempt = 0; attempt < 6; attempt++)
    await assert.rejects(log.read(0, 1000, 'all'), { code: 'EMFILE' });
  files.fault = () => undefined;
  assert.deepEqual(numbersOf(await readFrames(log)), range(1, 10));
  await log.close(1000);
});

test('disk log: a sparse segment with damage -> it is not copied again and again', async () => {
  const first = await openLog();
  appendAll(first.log, range(1, 3000));
  await first.log.flush();
  await first.log.close(1000);
  const { files } = first;
  const path = `${folder}/${segmentsOf(files)[0]}`;
  const content = files.contentOf(path);
  content[content.length - 1] = 0;
  files.place(path, content);
  const { log, restored } = await openLog(files);
  let created = 0;
  files.fault = (operation, file) => {
    if (operation === 'create' && file.endsWith('.rewriting')) created++;
    return undefined;
  };
  for (const { seq } of restored.slice(0, 2000)) log.settle(seq);
  let ticks = 0;
  await until(
    async () => {
      log.settle(restored[2000 + ticks++]?.seq ?? 0);
      return ticks > 450;
    },
    'time passes',
    30_000,
  );
  assert.ok(created <= 1, `copied ${created} times`);
  await log.close(1000);
});

test('disk log: a segment cannot be read for a while -> counted as damaged, and back after a restart', async () => {
  const { log, files } = await openLog();
  appendAll(log, range(1, 10));
  await log.flush();
  log.clusterId = 'ends the segment';
  appendAll(log, [11]);
  await log.flush();
  const [name = ''] = segmentsOf(files).sort();
  files.fault = (operation, path) =>
    operation === 'read' && path.endsWith(name) ? { code: 'EIO' } : undefined;
  await until(
    () =>
      readFrames(log).then(
        (frames) => numbersOf(frames)[0] === 11,
        () => false,
      ),
    'what lies behind it',
    5000,
  );
  assert.deepEqual([log.stats.records, log.stats.damagedRecords], [1, 10]);
  files.fault = () => undefined;
  await log.close(1000);
  const next = await openLog(files);
  assert.deepEqual(numbersOf(next.restored), range(1, 11));
  await next.log.close(1000);
});
