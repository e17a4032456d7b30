import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/*
 * A process that was killed with -9 cannot end what it started. So the pids of long-lived children are
 * noted in <dir>/processes.json, and whoever uses the folder next ends those that still run.
 */

export interface ProcessMark {
  pid: number;
  /** A piece of its command line that no other process has, e.g. the path of its settings file. */
  mark: string;
}

interface Entry extends ProcessMark {
  /** Who started it: as long as that process runs, the child is no leftover. */
  owner: ProcessMark;
}

/** Remembers a process that this one started. Made for one writer a folder. */
export function recordProcess(dir: string, { pid, mark }: ProcessMark): void {
  mkdirSync(dir, { recursive: true });
  const owner = { pid: process.pid, mark: commandLine(process.pid) };
  write(dir, [...read(dir).filter((entry) => entry.pid !== pid), { pid, mark, owner }]);
}

/** Takes a process off the list, after it has ended. */
export function forgetProcess(dir: string, pid: number): void {
  write(
    dir,
    read(dir).filter((entry) => entry.pid !== pid),
  );
}

/** The noted processes that run and whose starter runs too. */
export function ownedProcesses(dir: string): ProcessMark[] {
  return read(dir)
    .filter((entry) => isRunning(entry) && isRunning(entry.owner))
    .map(({ pid, mark }) => ({ pid, mark }));
}

/** Whether a process that noted something here still runs: the folder is its own, even while its children are down. */
export function hasLiveOwner(dir: string): boolean {
  return read(dir).some((entry) => isRunning(entry.owner));
}

/**
 * Ends the noted processes whose starter is gone: SIGTERM, and SIGKILL after `limitMs` ms.
 * A pid that meanwhile belongs to another program is left alone. Returns what was ended, e.g. "4711 (…mark…)".
 */
export async function endOrphans(dir: string, limitMs = 10_000): Promise<string[]> {
  const entries = read(dir);
  const leftovers = entries.filter((entry) => isRunning(entry) && !isRunning(entry.owner));
  await Promise.all(leftovers.map((entry) => end(entry, limitMs)));
  const rest = entries.filter((entry) => isRunning(entry));
  if (rest.length < entries.length || entries.length === 0) write(dir, rest);
  return leftovers.map(({ pid, mark }) => `${pid} (${mark})`);
}

/** The command line of a running process; '' if there is none. Works where `ps` is missing but /proc is not. */
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
  signal(entry.pid, 'SIGCONT'); // a paused process would never take the SIGTERM
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
    // It has ended in the meantime.
  }
}

function fileOf(dir: string): string {
  return join(dir, 'processes.json');
}

function read(dir: string): Entry[] {
  try {
    return JSON.parse(readFileSync(fileOf(dir), 'utf8'));
  } catch {
    return []; // no file: nothing noted; a broken one tells nothing
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
