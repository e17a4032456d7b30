import { type ChildProcess, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const endings = new Set<() => void>();
let armed = false;

/**
 * Runs `ending` (synchronous work only) when this process ends in whatever way it can notice:
 * exit, an uncaught error, SIGINT, SIGTERM, SIGHUP. Returns a function that takes it back.
 */
export function atExit(ending: () => void): () => void {
  if (!armed) arm();
  endings.add(ending);
  return () => endings.delete(ending);
}

/** The child does not outlive this process (unless this process is killed with -9: see orphan-processes.ts). */
export function endWithParent(child: ChildProcess): void {
  const release = atExit(() => child.kill('SIGKILL'));
  child.once('exit', release);
  child.once('error', release);
}

/** Resolves when the child has exited, at once if it has already. */
export function waitForExit(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Asks the child to end (SIGTERM), and makes it end (SIGKILL) if it has not within `limitMs` ms. */
export async function endChild(child: ChildProcess, limitMs: number): Promise<void> {
  child.kill('SIGTERM');
  child.kill('SIGCONT'); // a paused process would never take the SIGTERM
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await waitForExit(child);
  clearTimeout(timer);
}

/** Whether a process stands still after SIGSTOP: its threads stop one after the other, and the last may still answer. */
export function isStopped(pid: number): boolean {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // Where there is no /proc.
    return /^T/i.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '');
  }
  return threads.every((thread) => stopped.has(threadState(pid, thread)));
}

/** Of /proc/<pid>/stat (proc(5)): stopped, traced, or over. */
const stopped = new Set(['T', 't', 'Z', 'X']);

function threadState(pid: number, thread: string): string {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2); // the name before it may hold anything
  } catch {
    return 'X'; // it has ended in the meantime
  }
}

function arm(): void {
  armed = true;
  process.on('exit', endAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const listener = () => {
      // Whoever else listens decides how this process ends; its exit comes by the handler above.
      if (process.listenerCount(signal) > 1) return;
      endAll();
      process.removeListener(signal, listener);
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
  }
}

function endAll(): void {
  // The last first: a process ends before the folder that was made for it goes.
  for (const ending of [...endings].reverse()) {
    try {
      ending();
    } catch {
      // One ending that fails must not keep the others from running.
    }
  }
  endings.clear();
}
