import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitForExit } from '../../dev/kafka/child-processes';
import { commandLine } from '../../dev/kafka/orphan-processes';
import { until } from '../until';

export interface Started {
  parent: ChildProcess;
  /** Pid of the child. */
  pid: number;
}

/** Runs parent-script.ts; resolves when its child runs and is recorded. */
export async function startParent(dir: string, mark: string, code = '', then = 'wait'): Promise<Started> {
  const script = join(__dirname, 'parent-script.ts');
  const parent = spawn(process.execPath, ['--import', 'tsx', script, dir, mark, code, then], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: parent.stdout })) return { parent, pid: Number(line) };
  throw new Error('the parent process exited early');
}

/** Starts a child whose parent is then killed with SIGKILL. @returns its pid */
export async function startOrphan(dir: string, mark: string, code?: string): Promise<number> {
  const { parent, pid } = await startParent(dir, mark, code);
  parent.kill('SIGKILL');
  await waitForExit(parent);
  return pid;
}

/** Waits until no process with this pid and mark runs. */
export function waitUntilGone(pid: number, mark: string): Promise<void> {
  return until(() => !commandLine(pid).includes(mark), `the exit of process ${pid}`);
}
