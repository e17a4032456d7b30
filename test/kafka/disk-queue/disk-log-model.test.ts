import { test } from 'node:test';
import fc from 'fast-check';
import { LogRun, type PlannedFault } from './log-run';
import { type Crash, crashes, type Operation } from './memory-files';

type Action =
  | { type: 'append'; bytes: number; count: number }
  | { type: 'settle'; pick: number; count: number }
  | { type: 'read'; maxBytes: number; which: 'own' | 'foreign' | 'all' }
  | { type: 'wait'; ms: number }
  | { type: 'flush' }
  | { type: 'settle-all' }
  | { type: 'discard-damaged' }
  | { type: 'cluster'; id: string }
  | { type: 'reopen'; flush: boolean; await: boolean; limit: number }
  | { type: 'crash'; crash: Crash; await: boolean }
  | { type: 'fault'; fault: PlannedFault }
  | { type: 'heal' }
  | { type: 'open-files' }
  | { type: 'disk-full' };

interface Sequence {
  limit: number;
  syncIntervalMs: number;
  seed: number;
  actions: Action[];
}

const constant = <T extends string>(type: T): fc.Arbitrary<T> => fc.constant(type);

/** @param sizes bytes of records */
const ordinary = (sizes: number[], limits: number[]): fc.MaybeWeightedArbitrary<Action>[] => [
  {
    weight: 12,
    arbitrary: fc.record({
      type: constant('append'),
      bytes: fc.constantFrom(...sizes),
      count: fc.constantFrom(1, 1, 3, 20),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: constant('settle'),
      pick: fc.nat(1000),
      count: fc.constantFrom(1, 1, 5, 30),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: constant('read'),
      maxBytes: fc.constantFrom(1, 500, 1e9),
      which: fc.constantFrom('own', 'foreign', 'all'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: constant('wait'), ms: fc.constantFrom(0, 30, 100, 300, 1100, 2500) }),
  },
  { weight: 3, arbitrary: fc.record({ type: constant('flush') }) },
  { weight: 1, arbitrary: fc.constantFrom<Action>({ type: 'settle-all' }, { type: 'discard-damaged' }) },
  { weight: 1, arbitrary: fc.record({ type: constant('cluster'), id: fc.constantFrom('A', 'B') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: constant('reopen'),
      flush: fc.boolean(),
      await: fc.boolean(),
      limit: fc.constantFrom(...limits),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: constant('crash'),
      crash: fc.constantFrom('kill', 'kill', 'mixed', ...crashes),
      await: fc.boolean(),
    }),
  },
];

const operations: Operation[][] = [
  ['write'],
  ['sync'],
  ['create'],
  ['truncate'],
  ['read', 'openToRead'],
  ['remove'],
  ['rename'],
  ['syncFolder'],
  ['list'],
  ['space'],
  ['close'],
  ['makeFolder', 'removeFolder'],
  ['write', 'sync', 'create', 'remove', 'rename', 'syncFolder', 'truncate'],
];

const faulty: fc.MaybeWeightedArbitrary<Action>[] = [
  {
    weight: 4,
    arbitrary: fc
      .record({
        operations: fc.constantFrom(...operations),
        code: fc.constantFrom('EIO', 'EIO', 'ENOSPC', 'EPERM', undefined),
        bytes: fc.constantFrom(undefined, undefined, 0, 1, 30, 150, 400),
        after: fc.constantFrom(0, 0, 1, 2, 5),
        times: fc.constantFrom(1, 1, 2, 10, 1000),
      })
      .map((fault): Action => ({ type: 'fault', fault })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>({ type: 'heal' }, { type: 'open-files' }, { type: 'disk-full' }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Operation[]>(['write'], ['sync'], ['syncFolder'], ['remove']).map(
      (silent): Action => ({
        type: 'fault',
        fault: { operations: silent, wait: new Promise(() => {}), after: 0, times: 1 },
      }),
    ),
  },
];

const small = { sizes: [4, 40, 300, 2000], limits: [1500, 6000, 20_000, 100_000] };
const large = { sizes: [40, 3000, 60_000, 400_000], limits: [500_000, 2_000_000, 4_000_000] };

const sequences = (
  { sizes, limits }: typeof small,
  length: number,
  faults: boolean,
): fc.Arbitrary<Sequence> =>
  fc.record({
    limit: fc.constantFrom(...limits),
    syncIntervalMs: fc.constantFrom(20, 100),
    seed: fc.nat(),
    actions: fc.array(fc.oneof(...ordinary(sizes, limits), ...(faults ? faulty : [])), {
      maxLength: length,
      size: 'max',
    }),
  });

async function perform(run: LogRun, action: Action): Promise<void> {
  const { model } = run;
  if (action.type === 'append') for (let left = action.count; left > 0; left--) run.append(action.bytes);
  else if (action.type === 'settle') {
    const { pending } = model;
    const first = pending.length > 0 ? action.pick % pending.length : 0;
    for (const record of pending.slice(first, first + action.count)) run.settle(record);
  } else if (action.type === 'settle-all') for (const record of model.pending) run.settle(record);
  else if (action.type === 'read') await run.read(action.maxBytes, action.which);
  else if (action.type === 'wait') await run.wait(action.ms);
  else if (action.type === 'flush') await run.flush();
  else if (action.type === 'discard-damaged') await discardDamaged(run);
  else if (action.type === 'cluster') run.setCluster(action.id);
  else if (action.type === 'fault') run.plan(action.fault);
  else if (action.type === 'heal') run.heal();
  else if (action.type === 'open-files') run.files.deniesOpen = true;
  else if (action.type === 'disk-full') run.files.others = run.files.total;
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
  run.checkStats();
  model.check();
}

async function discardDamaged(run: LogRun): Promise<void> {
  const discarding = run.log.discardDamaged();
  await run.drive(run.model.hadFault ? discarding.catch(() => {}) : discarding, 10_000, 'discardDamaged');
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
  await run.read(1000, 'all');
  run.append(40);
  await run.flush();
  await run.wait(3000, 100);
  run.checkStats();
  run.checkFileBytes();
  model.check();
  for (const record of model.pending) run.settle(record);
  await discardDamaged(run);
  await run.wait(2500, 100);
  await run.close();
  const left = Object.keys(run.files.sizes('/user/twitter-kafka/n1'));
  if (left.length > 0) model.fail(`all is settled, but there is ${left}`);
  model.check();
}

async function check({ actions, ...options }: Sequence): Promise<void> {
  const run = new LogRun(options);
  try {
    for (const action of actions) await perform(run, action);
    await finish(run);
  } finally {
    run.clock.reset();
  }
}

const all = Number(process.env.FUZZ_SEQUENCES ?? 10_000);

const kinds = [
  { name: 'small records', share: 0.6, arbitrary: sequences(small, 40, false) },
  { name: 'small records, a disk that fails', share: 0.37, arbitrary: sequences(small, 40, true) },
  { name: 'many segments, a disk that fails', share: 0.03, arbitrary: sequences(large, 40, true) },
];

for (const { name, share, arbitrary } of kinds) {
  test(`disk log: random sequences, ${name} -> what was synced and not settled comes back, once, in order`, async () => {
    await fc.assert(fc.asyncProperty(arbitrary, check), {
      numRuns: Math.ceil(all * share),
      includeErrorInReport: true,
    });
  });
}
