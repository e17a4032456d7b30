import { checkFileBytes, checkRefusal, checkStats } from './log-checks';
import { readAll, readPage, type Which } from './log-read';
import { folder, LogRun, type PlannedFault } from './log-run';
import type { Crash } from './memory-files';

/** What a caller, the disk or time does. */
export type Action =
  | { type: 'append'; bytes: number; count: number }
  | { type: 'settle'; pick: number; count: number }
  | { type: 'read'; maxBytes: number; which: Which }
  | { type: 'read-on'; maxBytes: number }
  | { type: 'wait'; ms: number }
  | { type: 'flush'; append: boolean }
  | { type: 'settle-all' }
  | { type: 'discard-damaged' }
  | { type: 'cluster'; id: string }
  | { type: 'reopen'; flush: boolean; await: boolean; limit: number }
  | { type: 'crash'; crash: Crash; await: boolean }
  | { type: 'fault'; fault: PlannedFault }
  | { type: 'heal' }
  | { type: 'open-files' }
  | { type: 'disk-full' };

export interface Sequence {
  limit: number;
  syncIntervalMs: number;
  seed: number;
  actions: Action[];
}

async function perform(run: LogRun, action: Action): Promise<void> {
  const { model } = run;
  if (action.type === 'append') for (let left = action.count; left > 0; left--) append(run, action.bytes);
  else if (action.type === 'settle') {
    const { pending } = model;
    const first = pending.length > 0 ? action.pick % pending.length : 0;
    for (const record of pending.slice(first, first + action.count)) run.settle(record);
  } else if (action.type === 'settle-all') for (const record of model.pending) run.settle(record);
  else if (action.type === 'read') await readAll(run, action.maxBytes, action.which);
  else if (action.type === 'read-on')
    run.cursor = (await readPage(run, run.cursor, action.maxBytes, 'all')) ?? 0;
  else if (action.type === 'wait') await wait(run, action.ms);
  else if (action.type === 'flush') await run.flush(() => action.append && append(run, 40));
  else if (action.type === 'discard-damaged') await discardDamaged(run);
  else if (action.type === 'cluster') run.setCluster(action.id);
  else if (action.type === 'fault') run.plan(action.fault);
  else if (action.type === 'heal') run.heal();
  else if (action.type === 'open-files') run.files.deniesOpen = true;
  else if (action.type === 'disk-full') run.fillDisk();
  else {
    if (action.type === 'crash') run.crash(action.crash);
    else {
      if (action.flush) await run.flush();
      await run.close();
      run.limit = action.limit;
    }
    run.open();
    if (action.await) await run.opened();
  }
  checkStats(run);
  model.check();
}

function append(run: LogRun, bytes: number): void {
  const refusal = run.append(bytes);
  if (refusal) checkRefusal(run, refusal, bytes);
}

async function wait(run: LogRun, ms: number): Promise<void> {
  const { pending } = run.model;
  await run.wait(ms);
  if (ms > 1000) run.checkSynced(pending);
}

async function discardDamaged(run: LogRun): Promise<void> {
  const discarding = run.log.discardDamaged().catch((error) => {
    if (!run.model.hadFault) throw error;
  });
  await run.driveUnlessHung(discarding, 10_000, 'discardDamaged');
}

/** A healthy disk and a new process: all that must be there is restored, and when it is settled nothing is left. */
async function finish(run: LogRun): Promise<void> {
  const { model } = run;
  run.heal();
  await run.close();
  run.limit = 1e9;
  run.open();
  await run.opened();
  model.check();
  await readAll(run, 1000, 'all');
  const refusal = run.append(40);
  if (refusal) model.fail(`with room for all: ${refusal}`);
  await wait(run, 3000);
  checkStats(run);
  checkFileBytes(run);
  model.check();
  for (const record of model.pending) run.settle(record);
  await run.wait(2500, 100);
  await discardDamaged(run);
  await run.close();
  const left = Object.keys(run.files.sizes(folder));
  if (left.length > 0) model.fail(`all is settled, but there is ${left}`);
  model.check();
}

/** Performs a sequence. @throws the first violation of the model */
export async function check({ actions, ...options }: Sequence): Promise<void> {
  const run = new LogRun(options);
  try {
    for (const action of actions) await perform(run, action);
    await finish(run);
  } finally {
    run.clock.reset();
  }
}
