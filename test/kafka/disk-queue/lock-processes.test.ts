import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { waitForExit } from '../../../dev/kafka/child-processes';
import { acquireFolder } from '../../../src/kafka/disk-queue/lock';
import { until } from '../../until';

const base = mkdtempSync(join(tmpdir(), 'lock-'));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

let folders = 0;
const newFolder = (): string => join(base, String(++folders));
const lockIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
const onLinux = {
  skip: process.platform === 'linux' ? false : 'start times of processes are known on Linux only',
};

class Holder {
  private output = '';

  constructor(readonly child: ChildProcess) {
    children.push(child);
    child.stdout?.on('data', (data) => {
      this.output += data;
    });
  }

  static async start(folder: string, doubtMs = 60_000, beatMs = 50): Promise<Holder> {
    const script = join(__dirname, 'lock-holder.ts');
    const args = ['--import', 'tsx', script, folder, String(doubtMs), String(beatMs)];
    const holder = new Holder(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    await holder.says('ready');
    return holder;
  }

  static async acquiring(folder: string): Promise<Holder> {
    const holder = await Holder.start(folder);
    holder.go();
    await holder.says('acquired');
    return holder;
  }

  go(): void {
    this.child.stdin?.write('\n');
  }

  async says(text: string): Promise<void> {
    await until(() => this.output.includes(text), text);
  }

  /** Indices of the folders it got, and why it did not get the others. */
  get result(): { acquired: number[]; failed: string[] } {
    return JSON.parse(/acquired (.*)/.exec(this.output)?.[1] ?? '');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await waitForExit(this.child);
  }
}

test('two processes: the second -> queue-in-use with the host and pid of the first', onLinux, async () => {
  const folder = newFolder();
  const holder = await Holder.acquiring(folder);
  const { pid } = holder.child;
  await assert.rejects(acquireFolder(folder), {
    key: 'queue-in-use',
    params: { host: lockIn(folder).host, pid },
  });
  holder.go();
  await holder.says('released');
  assert.deepEqual(readdirSync(folder), []);
  await (await acquireFolder(folder)).release();
  await waitForExit(holder.child);
});

test('owner killed with -9 -> the next one gets the folder at once', onLinux, async () => {
  const folder = newFolder();
  await (await Holder.acquiring(folder)).kill();
  const lock = await acquireFolder(folder, { doubtMs: 3_600_000 });
  assert.equal(lockIn(folder).pid, process.pid);
  assert.deepEqual(readdirSync(folder), ['lock']);
  await lock.release();
});

test(
  'owner killed, but never waited for by its parent -> the next one gets the folder at once',
  onLinux,
  async () => {
    const folder = newFolder();
    const script = join(__dirname, 'lock-holder.ts');
    // The shell replaces itself, so no parent asks for the exit of the process it has started.
    const command = `(echo; exec sleep 600) | '${process.execPath}' --import tsx '${script}' '${folder}' 60000 50 & exec sleep 600`;
    const parent = new Holder(
      spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'], detached: true }),
    );
    await parent.says('acquired');
    const { pid } = lockIn(folder);
    try {
      process.kill(pid, 'SIGKILL');
      await until(() => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '), 'a zombie');
      await (await acquireFolder(folder, { doubtMs: 3_600_000 })).release();
    } finally {
      process.kill(-(parent.child.pid ?? Number.NaN), 'SIGKILL');
    }
  },
);

test('pid of a living process that started at another time -> the folder at once', onLinux, async () => {
  const folder = newFolder();
  const holder = await Holder.acquiring(folder);
  const found = lockIn(folder);
  await holder.kill();
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...found, pid: process.ppid, started: '1' }));
  await (await acquireFolder(folder, { doubtMs: 3_600_000 })).release();
});

test('a living owner on another host -> its sign of life is seen', async () => {
  const folder = newFolder();
  const holder = await Holder.acquiring(folder);
  writeFileSync(join(folder, 'lock'), JSON.stringify({ ...lockIn(folder), host: 'elsewhere' }));
  await assert.rejects(acquireFolder(folder, { doubtMs: 60_000 }), { key: 'queue-in-use' });
  holder.go();
  await holder.says('released');
});

for (const [title, host] of [
  ['dead owners', undefined],
  ['owners on another host without a sign of life', 'elsewhere'],
]) {
  test(`five processes, a hundred folders of ${title} -> no folder has two owners`, onLinux, async () => {
    const dead = newFolder();
    const first = await Holder.acquiring(dead);
    const found = lockIn(dead);
    await first.kill();
    const folders = Array.from({ length: 100 }, newFolder);
    for (const folder of folders) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'lock'), JSON.stringify(host ? { ...found, host } : found));
    }
    const starts = Array.from({ length: 5 }, () => Holder.start(folders.join(delimiter), 300));
    const holders = await Promise.all(starts);
    for (const holder of holders) holder.go();
    await Promise.all(holders.map((holder) => holder.says('acquired')));
    const owners = folders.map(() => [] as unknown[]);
    for (const { child, result } of holders) {
      for (const index of result.acquired) owners[index]?.push(child.pid);
      assert.ok(result.failed.every((key) => key === 'queue-in-use'));
    }
    folders.forEach((folder, index) => {
      const [owner, ...more] = owners[index] as unknown[];
      assert.deepEqual(more, []);
      // Those that are in doubt may take each other for the living owner: then no process has the folder.
      if (owner !== undefined || !host) assert.equal(owner, lockIn(folder).pid);
    });
    for (const holder of holders) holder.go();
    await Promise.all(holders.map((holder) => holder.says('released')));
    for (const folder of folders) assert.deepEqual(readdirSync(folder), []);
  });
}
