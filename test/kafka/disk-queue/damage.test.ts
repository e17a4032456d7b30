import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordHeaderBytes, segmentHeaderBytes } from '../../../src/kafka/disk-queue/segment/format';
import type { Problem } from '../../../src/util/problem';
import { until } from '../../until';
import { folder } from './log-run';
import type { MemoryFiles } from './memory-files';
import { appendAll, changed, filesWith, type OpenedLog, openLog, readAll } from './opened-log';

const first = ['a1', 'second record', 'a3', 'the fourth record of the first segment'];
const second = ['b1', 'b2', 'another record'];
const all = [...first, ...second];

const isReport = ({ key }: Problem): boolean => key === 'disk-damaged' || key === 'disk-cut-off';
const flip = (at: number, bits: number) => (content: Buffer) => {
  const copy = Buffer.from(content);
  copy.writeUInt8(copy.readUInt8(at) ^ bits, at);
  return copy;
};

/** Opens, checks that the log works and ends, and opens again: what came back comes back once more. */
async function openTwice(files: MemoryFiles): Promise<OpenedLog> {
  const opened = await openLog(files);
  const { log, texts } = opened;
  assert.equal(log.unusable, undefined);
  assert.deepEqual(await readAll(log, 20), texts, 'read as restored');
  await appendAll(log, ['new']);
  assert.equal(log.failing, undefined);
  const { records, fileBytes } = log.stats;
  assert.equal(records, texts.length + 1);
  assert.equal(fileBytes, files.bytesIn(folder));
  await log.close(1000);
  assert.equal(files.openHandles, 0);
  const again = await openLog(files);
  assert.deepEqual(again.texts, [...texts, 'new'], 'the same at the next start');
  for (const { seq } of again.restored) again.log.settle(seq);
  await again.log.discardDamaged();
  await again.log.close(1000);
  return opened;
}

test('damage: any byte of a segment flipped -> at most its record is lost, and that is told', async () => {
  const { files, paths } = await filesWith(first, second);
  assert.equal(paths.length, 2);
  const wrong: string[] = [];
  for (const path of paths) {
    for (let at = 0; at < files.contentOf(path).length; at++) {
      for (const bits of [0xff, 1 << (at & 7)]) {
        const { texts, problems, log } = await openTwice(changed(files, path, flip(at, bits)));
        const lost = all.filter((text) => !texts.includes(text));
        const isTold = problems.some(isReport) && log.stats.damagedBytes > 0;
        const isRight = lost.length === 0 ? !problems.some(isReport) : lost.length === 1 && isTold;
        const isOrdered = texts.join() === all.filter((text) => !lost.includes(text)).join();
        if (!isRight || !isOrdered) wrong.push(`${path} at ${at}: ${texts}, told ${problems.map(String)}`);
        if (at < segmentHeaderBytes && lost.length > 0)
          wrong.push(`${path}: the header at ${at} costs ${lost}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test('damage: a segment cut at any length -> every whole record before the cut comes back, the loss is told', async () => {
  const { files, paths } = await filesWith(first, second);
  const wrong: string[] = [];
  for (const [path, own] of [
    [paths[0], first],
    [paths[1], second],
  ] as const) {
    assert.ok(path);
    const ends = own.map((_, index) =>
      own
        .slice(0, index + 1)
        .reduce((end, text) => end + recordHeaderBytes + text.length, segmentHeaderBytes),
    );
    const { length } = files.contentOf(path);
    for (let cut = 0; cut < length; cut++) {
      const { texts, problems } = await openTwice(
        changed(files, path, (content) => content.subarray(0, cut)),
      );
      const whole = own.filter((_, index) => (ends[index] ?? 0) <= cut);
      const expected = own === first ? [...whole, ...second] : [...first, ...whole];
      const isWhole = cut === 0 || cut === segmentHeaderBytes || ends.includes(cut);
      if (texts.join() !== expected.join()) wrong.push(`cut at ${cut}: ${texts}`);
      if (!isWhole && !problems.some(isReport)) wrong.push(`cut at ${cut}: not told`);
    }
  }
  assert.deepEqual(wrong, []);
});

const noise = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 167 + 13) & 255));

for (const [name, bytesOf] of [
  ['zeros', (length: number) => Buffer.alloc(length)],
  ['garbage', noise],
] as const) {
  test(`damage: a segment followed by ${name} -> every record comes back, the end is cut off`, async () => {
    const { files, paths } = await filesWith(first, second);
    for (const path of paths) {
      for (const length of [1, 27, 28, 29, 128, 4096, 100_000]) {
        const { texts, problems } = await openTwice(
          changed(files, path, (content) => Buffer.concat([content, bytesOf(length)])),
        );
        assert.deepEqual(texts, all);
        assert.deepEqual(
          problems.map(({ key }) => key),
          ['disk-cut-off'],
        );
      }
    }
  });
}

test('damage: an old block of another segment, or of the same one, at the end -> no record comes back twice', async () => {
  const { files, paths } = await filesWith(first, second);
  for (const path of paths) {
    for (const other of paths) {
      const block = files.contentOf(other).subarray(segmentHeaderBytes);
      const { texts } = await openTwice(changed(files, path, (content) => Buffer.concat([content, block])));
      assert.deepEqual(texts, all);
    }
  }
});

test('damage: blocks of a file that was deleted, at the end -> its records do not come back', async () => {
  const deleted = await filesWith(Array.from({ length: 20 }, (_, at) => `deleted ${at}`));
  const [old = ''] = deleted.paths;
  await until(() => Date.now() > Number(/\d{16}/.exec(old)?.[0]));
  const { files, paths } = await filesWith(first);
  const block = deleted.files.contentOf(old).subarray(segmentHeaderBytes);
  // Later sequence numbers than those of the segment, as they would follow.
  const { texts } = await openTwice(
    changed(files, paths[0] ?? '', (content) => Buffer.concat([content, block])),
  );
  assert.deepEqual(texts, first);
});

test('damage: both headers of a segment broken -> its records come back', async () => {
  const { files, paths } = await filesWith(first, second);
  for (const path of paths) {
    for (const broken of [Buffer.alloc(segmentHeaderBytes), noise(segmentHeaderBytes)]) {
      const { texts } = await openTwice(
        changed(files, path, (content) => Buffer.concat([broken, content.subarray(segmentHeaderBytes)])),
      );
      assert.deepEqual(texts, all);
    }
  }
});

test('damage: any byte of the marks flipped, or the marks cut -> no pending record is lost', async () => {
  const { files } = await filesWith(first, second);
  const { log, restored } = await openLog(files);
  for (const index of [0, 2, 4]) log.settle(restored[index]?.seq ?? 0);
  await log.close(1000);
  const paths = Object.keys(files.sizes(folder)).map((name) => `${folder}/${name}`);
  const marks = paths.filter((path) => path.endsWith('.settled'));
  assert.equal(marks.length, 2);
  const pending = all.filter((_, index) => ![0, 2, 4].includes(index));
  for (const path of marks) {
    const { length } = files.contentOf(path);
    for (let at = 0; at < length; at++) {
      for (const change of [flip(at, 0xff), flip(at, 1), (content: Buffer) => content.subarray(0, at)]) {
        const { texts, problems } = await openTwice(changed(files, path, change));
        assert.deepEqual(
          pending.filter((text) => !texts.includes(text)),
          [],
        );
        assert.ok(texts.length <= pending.length + 2);
        assert.deepEqual(problems, []);
      }
    }
  }
});

test('damage: a damaged segment -> kept as .damaged when its records are settled, until it is discarded', async () => {
  const { files, paths } = await filesWith(first);
  const path = paths[0] ?? '';
  const damaged = changed(files, path, flip(segmentHeaderBytes + recordHeaderBytes, 0xff));
  const { log, texts, restored } = await openLog(damaged);
  assert.deepEqual(texts, first.slice(1));
  assert.equal(log.stats.damagedRecords, 1);
  for (const { seq } of restored) log.settle(seq);
  await log.close(1000);
  const kept = path.replace('.segment', '.damaged');
  assert.deepEqual(Object.keys(damaged.sizes(folder)), [kept.slice(folder.length + 1)]);
  assert.deepEqual(damaged.contentOf(kept).length, files.contentOf(path).length);
  const next = await openLog(damaged);
  assert.deepEqual(next.texts, []);
  assert.equal(next.log.stats.fileBytes, damaged.bytesIn(folder));
  assert.equal(await next.log.discardDamaged(), files.contentOf(path).length);
  await next.log.close(1000);
  assert.ok(!damaged.hasFolder(folder));
});
