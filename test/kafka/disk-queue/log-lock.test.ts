import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import type { Problem } from '../../../src/util/problem';
import { until } from '../../until';

const base = mkdtempSync(join(tmpdir(), 'log-lock-'));
after(() => rmSync(base, { recursive: true, force: true }));

// It cannot be told whether this owner lives.
const elsewhere = JSON.stringify({ token: 'other', host: `${hostname()}-2`, pid: 1 });

interface Opened {
  log: DiskLog;
  problems: Problem[];
  restored: string[];
  opening: Promise<void>;
}

/** Opens a log with real files and locks. */
function open(folder: string): Opened {
  const problems: Problem[] = [];
  const restored: string[] = [];
  const log = new DiskLog({
    folder,
    limit: 100_000_000,
    syncIntervalMs: 1,
    onProblem: (problem) => problems.push(problem),
    onChange: () => {},
  });
  const opening = log.open(({ content }) => restored.push(content.toString()));
  return { log, problems, restored, opening };
}

/** A folder with one record. */
async function filled(name: string): Promise<{ folder: string; lock: string }> {
  const folder = join(base, name);
  const { log, opening } = open(folder);
  await opening;
  log.append(Buffer.from('one'), () => {});
  await log.flush();
  await log.close(5000);
  return { folder, lock: join(folder, 'lock') };
}

const timers = (): string[] => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');

for (const [title, append] of [
  ['the scan', false],
  ['the scan and a record', true],
] as const) {
  test(`disk log: closed while ${title} waits for a sign of life -> at once, silent, without a timer`, async () => {
    const { folder, lock } = await filled(title);
    writeFileSync(lock, elsewhere);
    const { log, problems, restored, opening } = open(folder);
    if (append) log.append(Buffer.from('two'), () => {});
    await until(() => timers().length > 0, 'the watch has begun');
    const begin = performance.now();
    await log.close(10_000);
    assert.ok(performance.now() - begin < 1000);
    await opening;
    await until(() => timers().length === 0, 'no timer');
    assert.deepEqual(problems, []);
    assert.deepEqual(restored, []);
    assert.equal(readFileSync(lock, 'utf8'), elsewhere);
    // The next node does not wait for this one.
    rmSync(lock);
    const next = open(folder);
    await next.opening;
    assert.deepEqual(next.restored, ['one']);
    assert.deepEqual(next.problems, []);
    await next.log.close(5000);
    assert.equal(existsSync(lock), false);
  });
}

test('disk log: in use elsewhere, a record was appended -> told once, no failure of the disk', async () => {
  const { folder, lock } = await filled('used');
  writeFileSync(lock, elsewhere);
  const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), 10);
  try {
    const { log, problems, opening } = open(folder);
    log.append(Buffer.from('two'), () => {});
    await opening;
    await log.flush();
    assert.throws(() => log.append(Buffer.from('three'), () => {}), { key: 'queue-in-use' });
    assert.equal(log.unusable?.key, 'queue-in-use');
    await log.close(5000);
    assert.equal(log.failing, undefined);
    assert.deepEqual(
      problems.map(({ key }) => key),
      ['queue-in-use'],
    );
  } finally {
    clearInterval(beat);
  }
  assert.equal(readFileSync(lock, 'utf8'), elsewhere);
  assert.equal(readdirSync(folder).filter((name) => name.endsWith('.segment')).length, 1);
});
