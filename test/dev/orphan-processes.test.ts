import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  commandLine,
  endOrphans,
  forgetProcess,
  ownedProcesses,
  recordProcess,
} from '../../dev/kafka/orphan-processes';
import { startOrphan, startParent, waitUntilGone } from './parent-process';

describe('orphan processes', { timeout: 60_000 }, () => {
  let dir: string;
  let mark: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'orphans-'));
    mark = `mark-${randomUUID()}`;
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const file = () => join(dir, 'processes.json');

  it('record and forget -> list, then no file', () => {
    recordProcess(dir, { pid: 11, mark: 'one' });
    recordProcess(dir, { pid: 12, mark: 'two' });
    const noted = JSON.parse(readFileSync(file(), 'utf8'));
    assert.deepEqual(
      noted.map(({ pid, mark }: { pid: number; mark: string }) => [pid, mark]),
      [
        [11, 'one'],
        [12, 'two'],
      ],
    );
    forgetProcess(dir, 11);
    forgetProcess(dir, 12);
    assert.equal(existsSync(file()), false);
  });

  it('parent killed -> endOrphans stops the child and removes the list', async () => {
    const pid = await startOrphan(dir, mark);
    assert.match(commandLine(pid), new RegExp(mark));
    assert.deepEqual(await endOrphans(dir), [`${pid} (${mark})`]);
    assert.equal(commandLine(pid).includes(mark), false);
    assert.equal(existsSync(file()), false);
  });

  it('orphan ignores SIGTERM -> SIGKILL', async () => {
    const pid = await startOrphan(dir, mark, "process.on('SIGTERM', () => {})");
    assert.deepEqual(await endOrphans(dir, 100), [`${pid} (${mark})`]);
    assert.equal(commandLine(pid).includes(mark), false);
  });

  it('stopped orphan (SIGSTOP) -> stopped for good', async () => {
    const pid = await startOrphan(dir, mark);
    process.kill(pid, 'SIGSTOP');
    assert.deepEqual(await endOrphans(dir), [`${pid} (${mark})`]);
  });

  it('parent still runs -> child is not an orphan', async () => {
    const { parent, pid } = await startParent(dir, mark);
    assert.deepEqual(await endOrphans(dir), []);
    assert.deepEqual(ownedProcesses(dir), [{ pid, mark }]);
    parent.kill('SIGTERM');
    await waitUntilGone(pid, mark);
    assert.deepEqual(ownedProcesses(dir), []);
  });

  it('pid now belongs to another program -> left alone', async () => {
    const pid = await startOrphan(dir, mark);
    const list = readFileSync(file(), 'utf8');
    writeFileSync(file(), list.replace(mark, 'another mark'));
    assert.deepEqual(await endOrphans(dir), []);
    assert.match(commandLine(pid), new RegExp(mark));
    assert.equal(existsSync(file()), false);
    writeFileSync(file(), list);
    await endOrphans(dir);
  });

  it('unreadable list -> empty list', async () => {
    writeFileSync(file(), '[{"pid"');
    assert.deepEqual(await endOrphans(dir), []);
    assert.equal(existsSync(file()), false);
  });

  if (existsSync('/proc/self/cmdline')) {
    it('no ps -> command line from /proc', () => {
      const path = process.env.PATH;
      process.env.PATH = dir;
      try {
        assert.match(commandLine(process.pid), /orphan-processes\.test/);
      } finally {
        process.env.PATH = path;
      }
    });
  }
});

describe('endWithParent', { timeout: 60_000 }, () => {
  const endings: [string, string, (parent: { kill(signal: NodeJS.Signals): boolean }) => void][] = [
    ['exits', 'exit', () => {}],
    ['throws', 'throw', () => {}],
    ['gets SIGINT', 'wait', (parent) => parent.kill('SIGINT')],
    ['gets SIGTERM', 'wait', (parent) => parent.kill('SIGTERM')],
    ['gets SIGHUP', 'wait', (parent) => parent.kill('SIGHUP')],
  ];
  for (const [name, then, act] of endings) {
    it(`parent ${name} -> child is killed`, async () => {
      const dir = mkdtempSync(join(tmpdir(), 'children-'));
      const mark = `mark-${randomUUID()}`;
      const { parent, pid } = await startParent(dir, mark, '', then);
      act(parent);
      await waitUntilGone(pid, mark);
      rmSync(dir, { recursive: true });
    });
  }
});
