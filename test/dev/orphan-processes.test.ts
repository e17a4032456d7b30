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
import { hasEnded, leftBehind, startStarter } from './parent-process';

describe('leftovers', { timeout: 60_000 }, () => {
  let dir: string;
  let mark: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'leftovers-'));
    mark = `mark-${randomUUID()}`;
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const file = () => join(dir, 'processes.json');

  it('notes a process and forgets it', () => {
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

  it('ends what a killed run has left, and removes the list', async () => {
    const pid = await leftBehind(dir, mark);
    assert.match(commandLine(pid), new RegExp(mark));
    assert.deepEqual(await endOrphans(dir), [`${pid} (${mark})`]);
    assert.equal(commandLine(pid).includes(mark), false);
    assert.equal(existsSync(file()), false);
  });

  it('kills a leftover that does not obey', async () => {
    const pid = await leftBehind(dir, mark, "process.on('SIGTERM', () => {})");
    assert.deepEqual(await endOrphans(dir, 100), [`${pid} (${mark})`]);
    assert.equal(commandLine(pid).includes(mark), false);
  });

  it('ends a leftover that is paused', async () => {
    const pid = await leftBehind(dir, mark);
    process.kill(pid, 'SIGSTOP');
    assert.deepEqual(await endOrphans(dir), [`${pid} (${mark})`]);
  });

  it('leaves the child of a process that still runs alone', async () => {
    const { parent, pid } = await startStarter(dir, mark);
    assert.deepEqual(await endOrphans(dir), []);
    assert.deepEqual(ownedProcesses(dir), [{ pid, mark }]);
    parent.kill('SIGTERM');
    await hasEnded(pid, mark);
    assert.deepEqual(ownedProcesses(dir), []);
  });

  it('leaves a pid that now belongs to another program alone', async () => {
    const pid = await leftBehind(dir, mark);
    const list = readFileSync(file(), 'utf8');
    writeFileSync(file(), list.replace(mark, 'another mark'));
    assert.deepEqual(await endOrphans(dir), []);
    assert.match(commandLine(pid), new RegExp(mark));
    assert.equal(existsSync(file()), false);
    writeFileSync(file(), list);
    await endOrphans(dir);
  });

  it('takes a broken list for an empty one', async () => {
    writeFileSync(file(), '[{"pid"');
    assert.deepEqual(await endOrphans(dir), []);
    assert.equal(existsSync(file()), false);
  });

  if (existsSync('/proc/self/cmdline')) {
    it('recognises processes where there is no ps', () => {
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

describe('children', { timeout: 60_000 }, () => {
  const endings: [string, string, (parent: { kill(signal: NodeJS.Signals): boolean }) => void][] = [
    ['exits', 'exit', () => {}],
    ['throws', 'throw', () => {}],
    ['gets SIGINT', 'wait', (parent) => parent.kill('SIGINT')],
    ['gets SIGTERM', 'wait', (parent) => parent.kill('SIGTERM')],
    ['gets SIGHUP', 'wait', (parent) => parent.kill('SIGHUP')],
  ];
  for (const [name, then, act] of endings) {
    it(`end when the process that started them ${name}`, async () => {
      const dir = mkdtempSync(join(tmpdir(), 'children-'));
      const mark = `mark-${randomUUID()}`;
      const { parent, pid } = await startStarter(dir, mark, '', then);
      act(parent);
      await hasEnded(pid, mark);
      rmSync(dir, { recursive: true });
    });
  }
});
