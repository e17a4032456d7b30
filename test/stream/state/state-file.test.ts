import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import { StateFile } from '../../../src/stream/state/state-file';
import type { Problem } from '../../../src/util/problem';

interface Count {
  count: number;
}

/** A state file in a folder that does not exist yet. */
function setUp(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'state-file-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const path = join(root, 'twitter-kafka', 'streams', 'app.json');
  const problems: Problem[] = [];
  const open = (file: string | undefined = path) =>
    new StateFile<Count>(file, {
      version: 2,
      read: (value) => ({ count: Number((value as { count?: unknown }).count ?? 0) }),
      onProblem: (problem) => problems.push(problem),
    });
  const place = (content: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  return { root, path, open, place, keys: () => problems.map(({ key }) => key) };
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('state file: value -> written whole, readable by the user alone, read again', async (t) => {
  const { path, open, keys } = setUp(t);
  const file = open();
  const value = await file.load();
  assert.deepEqual(value, { count: 0 });
  value.count = 7;
  file.changed();
  await file.flush();
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { version: 2, count: 7 });
  assert.equal(mode(path), '600');
  assert.equal(mode(dirname(path)), '700');
  assert.equal(mode(dirname(dirname(path))), '700');
  assert.deepEqual(readdirSync(dirname(path)), ['app.json']);
  assert.deepEqual(await open().load(), { count: 7 });
  assert.deepEqual(keys(), []);
});

test('state file: readable by all before -> by the user alone after a write', async (t) => {
  const { path, place, open } = setUp(t);
  place('{"version":2,"count":1}');
  chmodSync(path, 0o644);
  const file = open();
  await file.load();
  file.changed();
  await file.flush();
  assert.equal(mode(path), '600');
});

test('state file: damaged -> reported, empty, replaced by the next write', async (t) => {
  for (const content of ['', '{"version":2,"cou', '[]', 'null', '7', '\0\0\0\0']) {
    const { path, place, open, keys } = setUp(t);
    place(content);
    const file = open();
    assert.deepEqual(await file.load(), { count: 0 }, content);
    assert.deepEqual(keys(), ['stream-state-damaged'], content);
    file.changed();
    await file.flush();
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { version: 2, count: 0 });
  }
});

test('state file: of a later version -> reported, empty; of an earlier one -> read', async (t) => {
  const { place, open, keys } = setUp(t);
  place('{"version":1,"count":5}');
  assert.deepEqual(await open().load(), { count: 5 });
  assert.deepEqual(keys(), []);
  place('{"version":3,"count":5}');
  assert.deepEqual(await open().load(), { count: 0 });
  assert.deepEqual(keys(), ['stream-state-newer']);
});

test('state file: a folder in its place -> reported as unreadable, then as unwritable', async (t) => {
  const { path, open, keys } = setUp(t);
  mkdirSync(path, { recursive: true });
  const file = open();
  assert.deepEqual(await file.load(), { count: 0 });
  file.changed();
  await file.flush();
  assert.deepEqual(keys(), ['stream-state-unreadable', 'stream-state-unwritable']);
  assert.deepEqual(readdirSync(dirname(path)), ['app.json']);
});

test('state file: not writable, then writable -> reported once, nothing lost', async (t) => {
  const { root, path, open, keys } = setUp(t);
  const file = open();
  const value = await file.load();
  writeFileSync(join(root, 'twitter-kafka'), 'not a folder');
  value.count = 3;
  file.changed();
  await file.flush();
  await file.flush();
  assert.deepEqual(keys(), ['stream-state-unwritable']);
  rmSync(join(root, 'twitter-kafka'));
  await file.flush();
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).count, 3);
});

test('state file: two flushes at once -> both resolve when the file is written', async (t) => {
  const { path, open } = setUp(t);
  const file = open();
  const value = await file.load();
  value.count = 1;
  file.changed();
  const first = file.flush();
  await file.flush();
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).count, 1);
  await first;
});

test('state file: many changes -> one write at once, the next one 5 s later', async (t) => {
  const { path, open } = setUp(t);
  const clock = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  t.after(() => clock.uninstall());
  const count = (): number | undefined => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')).count;
    } catch {
      return undefined;
    }
  };
  const file = open();
  const value = await file.load();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const written = async (expected: number): Promise<void> => {
    for (let turns = 0; count() !== expected; turns++) {
      assert.ok(turns < 100_000, `${expected} was never written`);
      await turn();
    }
  };
  value.count = 1;
  file.changed();
  clock.tick(1);
  await written(1);
  // The write ends a few turns after the file is there.
  await file.flush();
  for (value.count = 2; value.count < 9; value.count++) file.changed();
  assert.equal(clock.countTimers(), 1);
  clock.tick(4990);
  assert.equal(count(), 1);
  assert.equal(clock.countTimers(), 1);
  clock.tick(10);
  await written(9);
});

test('state file: without a folder -> keeps nothing, reports nothing', async (t) => {
  const { root, keys } = setUp(t);
  const file = new StateFile<Count>(undefined, {
    version: 2,
    read: () => ({ count: 0 }),
    onProblem: () => assert.fail('no problem'),
  });
  assert.deepEqual(await file.load(), { count: 0 });
  file.changed();
  await file.flush();
  assert.deepEqual(readdirSync(root), []);
  assert.deepEqual(keys(), []);
});

test('state file: change during a flush -> written 5 s later', async (t) => {
  const { path, open } = setUp(t);
  const clock = FakeTimers.install({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  t.after(() => clock.uninstall());
  const file = open();
  const value = await file.load();
  value.count = 1;
  file.changed();
  const flushed = file.flush();
  value.count = 2;
  file.changed();
  await flushed;
  assert.equal(clock.countTimers(), 1);
  clock.tick(5000);
  await file.flush();
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).count, 2);
});
