import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { outboxOptions } from '../../nodes/kafka-out/options';
import { properties } from '../../nodes/kafka-out/properties';
import { nodeOfFolder, queueFolder, queuesFolder } from '../../nodes/kafka-out/queue-folder';
import type { QueueOptions } from '../../src/kafka/delivery/queue/open-queue';
import { SavedProperties, type SavedValues } from '../../src/node-red/saved-properties';
import type { Problem } from '../../src/util/problem';

const userDir = resolve('user-folder');

/** The options of a queue, and the keys of the warnings. */
function read(
  saved: Partial<SavedValues<typeof properties>>,
  settings: object = { userDir },
): { queue: QueueOptions; warned: string[] } {
  const warned: string[] = [];
  const { queue } = outboxOptions(new SavedProperties(properties, saved), {
    id: 'a1b2c3d4e5f60718',
    RED: { settings } as unknown as NodeAPI,
    warn: (thrown) => warned.push((thrown as Problem).key),
  });
  return { queue, warned };
}

test('kafka-out options: flow without a queue -> on disk, 1024 MB, in the folder of the node', () => {
  const folder = join(userDir, 'twitter-kafka', 'a1b2c3d4e5f60718');
  assert.deepEqual(read({}), { queue: { mode: 'disk', folder, diskLimit: 1_024_000_000 }, warned: [] });
  assert.deepEqual(read({ queue: 'write-ahead', diskLimit: '2' }).queue, {
    mode: 'write-ahead',
    folder,
    diskLimit: 2_000_000,
  });
  // What is on disk from before the change of the setting is still sent.
  assert.deepEqual(read({ queue: 'memory' }).queue, { mode: 'memory', folder, diskLimit: 1_024_000_000 });
});

test('kafka-out options: relative user folder -> absolute folder', () => {
  assert.equal(read({}, { userDir: 'data' }).queue.folder, resolve('data/twitter-kafka/a1b2c3d4e5f60718'));
});

test('kafka-out options: no user folder -> in memory, with a warning unless that was chosen', () => {
  for (const [queue, warned] of [
    ['disk', ['queue-no-folder']],
    ['write-ahead', ['queue-no-folder']],
    ['memory', []],
  ] as const) {
    const options = read({ queue }, {});
    assert.deepEqual([options.queue.mode, options.queue.folder, options.warned], ['memory', '', warned]);
  }
});

test('kafka-out options: invalid disk limit or queue -> error; hidden limit -> ignored', () => {
  for (const diskLimit of [0, 0.5, 'much']) {
    assert.throws(() => read({ diskLimit }), { name: 'Problem', key: 'number-invalid' });
    assert.doesNotThrow(() => read({ diskLimit, queue: 'memory' }));
  }
  assert.throws(() => read({ queue: 'tape' }), { name: 'Problem', key: 'setting-unknown' });
});

test('queue folder: any id -> one folder below twitter-kafka, and back', () => {
  const ids = ['a1b2c3d4.e5f607', 'f1-a2', '..', '.', '../../etc', 'a/b', 'a\\b', 'C:x', 'é🏀 %41', 'a%2Fb'];
  const folders = ids.map((id) => queueFolder(userDir, id));
  assert.equal(new Set(folders).size, ids.length);
  for (const [index, folder] of folders.entries()) {
    assert.equal(join(folder, '..'), queuesFolder(userDir));
    assert.equal(nodeOfFolder(folder.slice(queuesFolder(userDir).length + 1)), ids[index]);
  }
  assert.equal(folders[0], join(userDir, 'twitter-kafka', 'a1b2c3d4.e5f607'));
});
