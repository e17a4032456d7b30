import fc from 'fast-check';
import type { Action, Sequence } from './log-actions';
import { crashes, type Operation } from './memory-files';

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
  { weight: 3, arbitrary: fc.record({ type: constant('flush'), append: fc.boolean() }) },
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

/** Random sequences by what they are about. */
export const kinds = {
  'small records': sequences(small, 40, false),
  'a disk that fails': sequences(small, 40, true),
  'many segments, a disk that fails': sequences(large, 40, true),
};

export type Kind = keyof typeof kinds;
