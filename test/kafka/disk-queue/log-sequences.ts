import fc from 'fast-check';
import type { Action, Sequence } from './log-actions';
import { crashes, type Operation } from './memory-files';

const constant = <T extends string>(type: T): fc.Arbitrary<T> => fc.constant(type);

interface Sizes {
  /** Bytes of a record, and how many are appended at once. */
  records: number[];
  appended: number[];
  settled: number[];
  waits: number[];
  limits: number[];
}

const ordinary = ({
  records,
  appended,
  settled,
  waits,
  limits,
}: Sizes): fc.MaybeWeightedArbitrary<Action>[] => [
  {
    weight: 12,
    arbitrary: fc.record({
      type: constant('append'),
      bytes: fc.constantFrom(...records),
      count: fc.constantFrom(...appended),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: constant('settle'),
      pick: fc.nat(1000),
      count: fc.constantFrom(...settled),
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
    weight: 3,
    arbitrary: fc.record({ type: constant('read-on'), maxBytes: fc.constantFrom(1, 500, 20_000) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: constant('wait'), ms: fc.constantFrom(...waits) }),
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

const few = { appended: [1, 1, 3, 20], settled: [1, 1, 5, 30], waits: [0, 30, 100, 300, 1100, 2500] };
const small: Sizes = { ...few, records: [4, 40, 300, 2000], limits: [1500, 6000, 20_000, 100_000] };
const large: Sizes = {
  ...few,
  records: [40, 3000, 60_000, 400_000],
  limits: [500_000, 2_000_000, 4_000_000],
};
/** Segments that are large enough to be rewritten. */
const sparse: Sizes = {
  records: [2000, 3000],
  appended: [20, 60],
  settled: [5, 60, 150],
  waits: [30, 1100, 1100, 2500],
  limits: [1_000_000, 3_000_000],
};

/** A segment that is not written to any more, of which few records are left. */
const almostSettled: Action[] = [
  { type: 'append', bytes: 3000, count: 60 },
  { type: 'reopen', flush: true, await: true, limit: 1_000_000 },
  { type: 'read-on', maxBytes: 20_000 },
  { type: 'settle', pick: 3, count: 40 },
];

/** @param first what they all begin with */
const sequences = (
  sizes: Sizes,
  faults: fc.MaybeWeightedArbitrary<Action>[],
  first: Action[] = [],
): fc.Arbitrary<Sequence> =>
  fc.record({
    limit: fc.constantFrom(...sizes.limits),
    syncIntervalMs: fc.constantFrom(20, 100),
    seed: fc.nat(),
    actions: fc
      .array(fc.oneof(...ordinary(sizes), ...faults), { maxLength: 40, size: 'max' })
      .map((actions) => [...first, ...actions]),
  });

/** Random sequences by what they are about. */
export const kinds = {
  'small records': sequences(small, []),
  'a disk that fails': sequences(small, faulty),
  'segments that are rewritten': sequences(sparse, [], almostSettled),
  'segments that are rewritten on a disk that fails': sequences(sparse, faulty, almostSettled),
  'many segments on a disk that fails': sequences(large, faulty),
};

export type Kind = keyof typeof kinds;
