import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/*
 * A process that gets SIGKILL cannot stop its children. So the pids of long-lived children are recorded in
 * <dir>/processes.json, and the next run with this directory stops those that still run.
 */

export interface ProcessMark {
  pid: number;
  /** A part of its command line that identifies it, e.g. the path of its settings file. */
  mark: string;
}

interface Entry extends ProcessMark {
  /** Its parent: while that runs, the process is not an orphan. */
  owner: ProcessMark;
}

/** Records a child of this process. One process may write to a directory at a time. */
export function recordProcess(dir: string, { pid, mark }: ProcessMark): void {
  mkdirSync(dir, { recursive: true });
  const owner = { pid: process.pid, mark: commandLine(process.pid) };
  write(dir, [...read(dir).filter((entry) => entry.pid !== pid), { pid, mark, owner }]);
}

/** Removes a process from the list after its exit. */
export function forgetProcess(dir: string, pid: number): void {
  write(
    dir,
    read(dir).filter((entry) => entry.pid !== pid),
  );
}

/** The recorded processes that run and whose parent runs. */
export function ownedProcesses(dir: string): ProcessMark[] {
  return read(dir)
    .filter((entry) => isRunning(entry) && isRunning(entry.owner))
    .map(({ pid, mark }) => ({ pid, mark }));
}

/** Whether a parent of recorded processes runs: it uses the directory even while its children are down. */
export function hasLiveOwner(dir: string): boolean {
  return read(dir).some((entry) => isRunning(entry.owner));
}

/**
 * Stops the recorded processes whose parent is gone: SIGTERM, then SIGKILL after `limitMs`. Leaves a pid alone that now
 * belongs to another program.
 * @returns what was stopped, e.g. "4711 (…mark…)"
 */
export async function endOrphans(dir: string, limitMs = 10_000): Promise<string[]> {
  const entries = read(dir);
  const orphans = entries.filter((entry) => isRunning(entry) && !isRunning(entry.owner));
  await Promise.all(orphans.map((entry) => end(entry, limitMs)));
  const rest = entries.filter((entry) => isRunning(entry));
  if (rest.length < entries.length || entries.length === 0) write(dir, rest);
  return orphans.map(({ pid, mark }) => `${pid} (${mark})`);
}

/** The command line of a running process, by `ps` or /proc; '' if it does not run. */
export function commandLine(pid: number): string {
  const ps = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  if (ps.error === undefined && ps.status === 0) return ps.stdout.trim();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

function isRunning({ pid, mark }: ProcessMark): boolean {
  return commandLine(pid).includes(mark);
}

async function end(entry: Entry, limitMs: number): Promise<void> {
  signal(entry.pid, 'SIGTERM');
  signal(entry.pid, 'SIGCONT'); // a stopped process does not handle SIGTERM
  if (await hasEnded(entry, limitMs)) return;
  signal(entry.pid, 'SIGKILL');
  await hasEnded(entry, 5_000);
}

async function hasEnded(entry: Entry, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (isRunning(entry)) {
    if (Date.now() > deadline) return false;
    await wait(100);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just exited.
  }
}

function fileOf(dir: string): string {
  return join(dir, 'processes.json');
}

function read(dir: string): Entry[] {
  try {
    return JSON.parse(readFileSync(fileOf(dir), 'utf8'));
  } catch {
    return []; // no file, or not readable: nothing recorded
  }
}

function write(dir: string, entries: Entry[]): void {
  if (entries.length === 0) {
    rmSync(fileOf(dir), { force: true });
    return;
  }
  const part = `${fileOf(dir)}.part`;
  writeFileSync(part, `${JSON.stringify(entries, null, 1)}\n`);
  renameSync(part, fileOf(dir));
}
