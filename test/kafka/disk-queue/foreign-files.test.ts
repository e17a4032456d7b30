import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c } from '../../../src/kafka/protocol/crc32c';
import { folder } from './log-run';
import { MemoryFiles } from './memory-files';
import { appendAll, changed, filesWith, openLog, readAll } from './opened-log';

const texts = ['a', 'b', 'c'];
const before = '0000000000000007';
const after = '0009007199254740';

const foreign: Record<string, Buffer> = {
  'notes.txt': Buffer.from('notes'),
  '1.segment': Buffer.from('not a segment of this log'),
  'x.settled': Buffer.alloc(40),
  '.hidden': Buffer.alloc(0),
  '00000000000000001.segment': Buffer.alloc(300),
};

test('foreign files: among the segments -> they stay as they are, the records come back', async () => {
  const { files } = await filesWith(texts);
  for (const [name, content] of Object.entries(foreign)) files.place(`${folder}/${name}`, content);
  files.place(`${folder}/folder/file`, Buffer.from('1'));
  const opened = await openLog(files);
  assert.deepEqual(opened.texts, texts);
  assert.deepEqual(opened.problems, []);
  for (const { seq } of opened.restored) opened.log.settle(seq);
  await opened.log.close(1000);
  assert.deepEqual(Object.keys(files.sizes(folder)).sort(), Object.keys(foreign).sort());
  for (const [name, content] of Object.entries(foreign)) {
    assert.deepEqual(files.contentOf(`${folder}/${name}`), content);
  }
});

const unusual: Array<[name: string, content: Buffer]> = [
  ['an empty segment', Buffer.alloc(0)],
  ['a segment of zeros', Buffer.alloc(1_000_000)],
  ['a segment of a few zeros', Buffer.alloc(3)],
  ['a segment of garbage', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 31) & 255))],
];

for (const [name, content] of unusual) {
  test(`foreign files: ${name} before and after the others -> the others' records come back, it goes`, async () => {
    const { files } = await filesWith(texts);
    for (const number of [before, after]) files.place(`${folder}/${number}.segment`, content);
    const opened = await openLog(files, { limit: 3_000_000 });
    assert.deepEqual(opened.texts, texts);
    assert.equal(opened.log.unusable, undefined);
    assert.equal(opened.problems.length, content.length > 0 ? 2 : 0);
    await appendAll(opened.log, ['d']);
    await opened.log.close(1000);
    const next = await openLog(files);
    assert.deepEqual(next.texts, [...texts, 'd']);
    for (const { seq } of next.restored) next.log.settle(seq);
    await next.log.discardDamaged();
    await next.log.close(1000);
    assert.ok(!files.hasFolder(folder), 'nothing is left');
  });
}

/** A header of another version: in both copies, or with one copy only. */
const ofVersion = (version: number, copies: number) => (content: Buffer) => {
  const copy = Buffer.from(content);
  for (let at = 0; at < 2; at++) {
    copy.writeUInt16LE(version, at * 128 + 4);
    if (at >= copies) copy.fill(0xee, at * 128, at * 128 + 128);
    else copy.writeUInt32LE(crc32c(copy.subarray(at * 128, at * 128 + 124)), at * 128 + 124);
  }
  return copy;
};

for (const copies of [1, 2]) {
  test(`format of the future, ${copies} header(s) -> neither read, changed nor deleted; the problem names the version`, async () => {
    const { files, paths } = await filesWith(texts, ['d']);
    for (const path of paths) {
      const newer = changed(files, path, ofVersion(2, copies));
      const contents = paths.map((one) => newer.contentOf(one));
      const { log, texts: restored, problems } = await openLog(newer);
      assert.deepEqual(restored, []);
      assert.equal(log.unusable?.key, 'disk-format-newer');
      assert.equal(log.unusable?.params.version, 2);
      assert.deepEqual(problems, [log.unusable]);
      assert.throws(() => log.append(Buffer.from('e'), () => {}), log.unusable);
      assert.deepEqual(await readAll(log), []);
      assert.equal(await log.discardDamaged(), 0);
      await log.flush();
      await log.close(1000);
      assert.deepEqual(Object.keys(newer.sizes(folder)).sort(), Object.keys(files.sizes(folder)).sort());
      assert.deepEqual(
        paths.map((one) => newer.contentOf(one)),
        contents,
      );
    }
  });
}

test('a folder that cannot be made -> unusable, append throws that', async () => {
  const files = new MemoryFiles();
  files.fault = (operation) => (operation === 'makeFolder' ? { code: 'EROFS' } : undefined);
  const { log, problems } = await openLog(files);
  log.append(Buffer.from('a'), () => assert.fail('not synced'));
  await log.flush();
  assert.equal(log.unusable?.key, 'disk-unusable');
  assert.deepEqual(problems, [log.unusable]);
  assert.throws(() => log.append(Buffer.from('b'), () => {}), log.unusable);
  await log.close(1000);
});
