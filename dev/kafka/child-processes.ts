import { type ChildProcess, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const hooks = new Set<() => void>();
let installed = false;

/**
 * Runs `hook` (synchronously) when this process exits, throws an uncaught error, or receives SIGINT, SIGTERM or SIGHUP.
 * @returns a function that removes the hook
 */
export function atExit(hook: () => void): () => void {
  if (!installed) install();
  hooks.add(hook);
  return () => hooks.delete(hook);
}

/** Kills the child when this process exits, except by SIGKILL: see orphan-processes.ts. */
export function endWithParent(child: ChildProcess): void {
  const release = atExit(() => child.kill('SIGKILL'));
  child.once('exit', release);
  child.once('error', release);
}

/** Resolves when the child has exited. */
export function waitForExit(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Sends SIGTERM, and SIGKILL after `limitMs`; resolves when the child has exited. */
export async function endChild(child: ChildProcess, limitMs: number): Promise<void> {
  child.kill('SIGTERM');
  child.kill('SIGCONT'); // a stopped process does not handle SIGTERM
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await waitForExit(child);
  clearTimeout(timer);
}

/** Whether all threads of a process are stopped: after SIGSTOP they stop one by one, and the last may still respond. */
export function isStopped(pid: number): boolean {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // Without /proc.
    return /^T/i.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '');
  }
  return threads.every((thread) => stopped.has(threadState(pid, thread)));
}

/** States in /proc/<pid>/stat (proc(5)): stopped, traced, zombie, dead. */
const stopped = new Set(['T', 't', 'Z', 'X']);

function threadState(pid: number, thread: string): string {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2); // the name before it may contain any character
  } catch {
    return 'X'; // it has just exited
  }
}

function install(): void {
  installed = true;
  process.on('exit', runHooks);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    const listener = () => {
      // Another listener decides how this process exits; the 'exit' handler runs the hooks then.
      if (process.listenerCount(signal) > 1) return;
      runHooks();
      process.removeListener(signal, listener);
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
  }
}

function runHooks(): void {
  // In reverse order: a process ends before its directory is removed.
  for (const hook of [...hooks].reverse()) {
    try {
      hook();
    } catch {
      // A failing hook must not stop the others.
    }
  }
  hooks.clear();
}
