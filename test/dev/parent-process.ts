import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { waitForExit } from '../../dev/kafka/child-processes';
import { commandLine } from '../../dev/kafka/orphan-processes';
import { until } from '../until';

export interface Started {
  /** The process that started the child. */
  parent: ChildProcess;
  /** Of the child. */
  pid: number;
}

/** Runs parent-script.ts; resolves when its child is up and noted. */
export async function startStarter(dir: string, mark: string, code = '', then = 'wait'): Promise<Started> {
  const script = join(__dirname, 'parent-script.ts');
  const parent = spawn(process.execPath, ['--import', 'tsx', script, dir, mark, code, then], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: parent.stdout })) return { parent, pid: Number(line) };
  throw new Error('the starting process ended early');
}

/** A child whose starter was killed with -9. */
export async function leftBehind(dir: string, mark: string, code?: string): Promise<number> {
  const { parent, pid } = await startStarter(dir, mark, code);
  parent.kill('SIGKILL');
  await waitForExit(parent);
  return pid;
}

/** Resolves when no process with this pid and mark runs. */
export function hasEnded(pid: number, mark: string): Promise<void> {
  return until(() => !commandLine(pid).includes(mark), `the end of process ${pid}`);
}
