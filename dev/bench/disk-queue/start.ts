import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithParent, waitForExit } from '../../kafka/child-processes';

/** What a process that starts with a queue does. */
export interface StartTask {
  brokers: string;
  topic: string;
  folder: string;
  diskLimit: number;
  /** Records that are on disk. */
  records: number;
  valueBytes: number;
  /** Sends all that is on disk; otherwise it accepts new records when it has found all. */
  drain: boolean;
  newRecords: number;
}

/** Milliseconds since the node's start. */
export interface Started {
  acceptedMs: number;
  /** The first record is on disk or acknowledged: `done` was called for it. */
  safeMs: number;
  scannedMs: number;
  doneMs: number;
  /** Resident memory of the process. */
  peakBytes: number;
}

/** Runs a task in a process of its own. */
export async function startWithQueue(task: StartTask): Promise<Started> {
  const script = join(__dirname, 'start-child.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithParent(child);
  for await (const line of createInterface({ input: child.stdout })) {
    await waitForExit(child);
    return JSON.parse(line) as Started;
  }
  throw new Error('The process that starts with a queue has failed.');
}
