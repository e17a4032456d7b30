import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { acquireFolder } from '../../../src/kafka/disk-queue/lock';
import { describeThisProcess, look, takeAway } from '../../../src/kafka/disk-queue/lock-file';
import { until } from '../../until';

const base = mkdtempSync(join(tmpdir(), 'lock-'));
after(() => rmSync(base, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => join(base, String(++folders), 'queue');
const lockOf = (folder: string): string => join(folder, 'lock');
const modified = (folder: string): number => statSync(lockOf(folder)).mtimeMs;

/** A folder with a lock file. */
function lockedBy(content: string): string {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(lockOf(folder), content);
  return folder;
}

test('acquire: folder missing -> folder 0700, file 0600 with the owner; release -> an empty folder', async () => {
  const folder = newFolder();
  const lock = await acquireFolder(folder);
  const { token, ...owner } = JSON.parse(readFileSync(lockOf(folder), 'utf8'));
  const expected = JSON.parse(JSON.stringify(await describeThisProcess(token)));
  assert.deepEqual({ token, ...owner }, expected);
  if (process.platform !== 'win32') {
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, '..')).mode & 0o777, 0o700);
    assert.equal(statSync(lockOf(folder)).mode & 0o777, 0o600);
  }
  await Promise.all([lock.release(), lock.release()]);
  assert.deepEqual(readdirSync(folder), []);
  await lock.release();
});

test('same process: the next callers wait for release, in order', async () => {
  const folder = newFolder();
  const order: string[] = [];
  const first = await acquireFolder(folder);
  const others = ['second', 'third', 'fourth'].map(async (name) => {
    const lock = await acquireFolder(`${folder}/../queue`);
    order.push(name);
    assert.deepEqual(readdirSync(folder), ['lock']);
    await lock.release();
  });
  const failed = acquireFolder(lockOf(newFolder()));
  await (await failed).release();
  assert.deepEqual(order, []);
  await first.release();
  await Promise.all(others);
  assert.deepEqual(order, ['second', 'third', 'fourth']);
});

test('same process: one caller fails -> the next one has its turn', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, '..'), { recursive: true });
  writeFileSync(folder, 'a file');
  const first = acquireFolder(folder);
  const second = acquireFolder(folder);
  await assert.rejects(first, { code: /EEXIST|ENOTDIR/ });
  await assert.rejects(second, { code: /EEXIST|ENOTDIR/ });
  rmSync(folder);
  await (await acquireFolder(folder)).release();
});

test('same process: folder under another name -> queue-in-use', async () => {
  const folder = newFolder();
  const lock = await acquireFolder(folder);
  const alias = join(base, 'alias');
  symlinkSync(folder, alias, 'junction');
  await assert.rejects(acquireFolder(alias), { key: 'queue-in-use' });
  await lock.release();
});

test('same process: folder removed after release -> the waiting caller makes it again', async () => {
  const folder = newFolder();
  const first = await acquireFolder(folder);
  const second = acquireFolder(folder);
  await first.release();
  rmSync(folder, { recursive: true, force: true });
  const lock = await second.catch(() => acquireFolder(folder));
  await lock.release();
});

test('lock of a former process with this pid -> the folder at once', async () => {
  const former = { ...(await describeThisProcess('former')), started: '1' };
  const folder = lockedBy(JSON.stringify(former));
  const lock = await acquireFolder(folder, { doubtMs: 3_600_000 });
  assert.notEqual(JSON.parse(readFileSync(lockOf(folder), 'utf8')).token, 'former');
  assert.deepEqual(readdirSync(folder), ['lock']);
  await lock.release();
});

for (const [title, content] of [
  ['another host', JSON.stringify({ token: 'a', host: `${hostname()}-2`, pid: process.pid })],
  [
    'another boot',
    JSON.stringify({ token: 'a', host: hostname(), pid: process.pid, boot: 'b', started: '1' }),
  ],
  ['empty', ''],
  ['broken', '{"token":'],
  ['zeros', '\0'.repeat(200)],
  ['garbage of 1 MB', 'x'.repeat(1_000_000)],
  ['wrong types', '{"token":1,"host":{},"pid":"x"}'],
] as const) {
  test(`lock that cannot be judged (${title}): no sign of life -> taken after the doubt`, async () => {
    const folder = lockedBy(content);
    const begin = performance.now();
    const lock = await acquireFolder(folder, { doubtMs: 100 });
    assert.ok(performance.now() - begin >= 100);
    assert.deepEqual(readdirSync(folder), ['lock']);
    await lock.release();
    assert.deepEqual(readdirSync(folder), []);
  });

  test(`lock that cannot be judged (${title}): a sign of life -> queue-in-use, file unchanged`, async () => {
    const folder = lockedBy(content);
    const beat = setInterval(() => utimesSync(lockOf(folder), new Date(), new Date()), 10);
    try {
      await assert.rejects(acquireFolder(folder, { doubtMs: 60_000 }), { key: 'queue-in-use' });
    } finally {
      clearInterval(beat);
    }
    assert.equal(readFileSync(lockOf(folder), 'utf8'), content);
    assert.deepEqual(readdirSync(folder), ['lock']);
  });
}

test('lock that cannot be judged: removed by its owner -> the folder at once', async () => {
  const folder = lockedBy('');
  const acquired = acquireFolder(folder, { doubtMs: 60_000 });
  rmSync(lockOf(folder));
  await (await acquired).release();
});

test('lock is a folder or a link out of the folder -> taken after the doubt, nothing outside is touched', async () => {
  const outside = join(base, 'outside');
  writeFileSync(outside, 'untouched');
  const linked = lockedBy('');
  rmSync(lockOf(linked));
  symlinkSync(outside, lockOf(linked));
  await (await acquireFolder(linked, { doubtMs: 20 })).release();
  assert.equal(readFileSync(outside, 'utf8'), 'untouched');
  const inner = newFolder();
  mkdirSync(lockOf(inner), { recursive: true });
  await (await acquireFolder(inner, { doubtMs: 20 })).release();
});

test('while held: the file’s time moves on; after release no timer touches it', async () => {
  const folder = newFolder();
  const lock = await acquireFolder(folder, { beatMs: 10 });
  const before = modified(folder);
  await until(() => modified(folder) > before);
  await lock.release();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  assert.deepEqual(timers, []);
});

test('release: another owner’s file -> stays', async () => {
  const folder = newFolder();
  const lock = await acquireFolder(folder);
  const other = JSON.stringify({ token: 'other', host: 'elsewhere', pid: 1 });
  rmSync(lockOf(folder));
  writeFileSync(lockOf(folder), other);
  await lock.release();
  assert.equal(readFileSync(lockOf(folder), 'utf8'), other);
  assert.deepEqual(readdirSync(folder), ['lock']);
});

test('release: folder is gone, or the lock was renamed by another process -> nothing remains', async () => {
  const gone = newFolder();
  const first = await acquireFolder(gone);
  rmSync(gone, { recursive: true });
  await first.release();
  assert.equal(existsSync(gone), false);
  const folder = newFolder();
  const lock = await acquireFolder(folder);
  renameSync(lockOf(folder), join(folder, 'lock.aside'));
  await lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test('take away: the lock of another owner than the one seen -> put back', async () => {
  const folder = lockedBy('former');
  const former = await look(lockOf(folder));
  assert.ok(former);
  rmSync(lockOf(folder));
  const lock = await acquireFolder(folder);
  const before = readFileSync(lockOf(folder), 'utf8');
  await takeAway(folder, lockOf(folder), former);
  assert.equal(readFileSync(lockOf(folder), 'utf8'), before);
  assert.deepEqual(readdirSync(folder), ['lock']);
  await lock.release();
  assert.deepEqual(readdirSync(folder), []);
});

test('a renamed lock: of a living owner -> put back, queue-in-use; of a dead one -> removed', async () => {
  const living = newFolder();
  mkdirSync(living, { recursive: true });
  const aside = join(living, 'lock.aside');
  const owner = { ...(await describeThisProcess('x')), host: 'elsewhere' };
  writeFileSync(aside, JSON.stringify(owner));
  const beat = setInterval(() => {
    const file = existsSync(aside) ? aside : lockOf(living);
    utimesSync(file, new Date(), new Date());
  }, 10);
  await assert.rejects(acquireFolder(living, { doubtMs: 60_000 }), { key: 'queue-in-use' });
  clearInterval(beat);
  assert.deepEqual(readdirSync(living), ['lock']);
  renameSync(lockOf(living), aside);
  writeFileSync(aside, JSON.stringify({ ...owner, host: hostname() }));
  const lock = await acquireFolder(living, { doubtMs: 3_600_000 });
  assert.deepEqual(readdirSync(living), ['lock']);
  await lock.release();
});

test('signal: ends the wait for a turn and for a sign of life; nothing remains', async () => {
  const folder = newFolder();
  const lock = await acquireFolder(folder);
  const waiting = new AbortController();
  const turn = acquireFolder(folder, { signal: waiting.signal });
  waiting.abort(new Error('closed'));
  await assert.rejects(turn, { message: 'closed' });
  await assert.rejects(acquireFolder(folder, { signal: waiting.signal }), { message: 'closed' });
  await lock.release();
  await (await acquireFolder(folder)).release();

  const doubtful = lockedBy('');
  const watching = new AbortController();
  const watch = acquireFolder(doubtful, { signal: watching.signal });
  setImmediate(() => watching.abort(new Error('closed')));
  await assert.rejects(watch, { message: 'closed' });
  assert.deepEqual(readdirSync(doubtful), ['lock']);
});
