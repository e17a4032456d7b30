import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RecentIds } from '../../../src/stream/state/recent-ids';

/** The last ids in a list, the newest last. */
class ListOfIds {
  private ids: string[] = [];

  constructor(private readonly capacity: number) {}

  has(id: string): boolean {
    return this.ids.includes(id);
  }

  add(id: string): number | undefined {
    const at = this.ids.indexOf(id);
    if (at >= 0) return this.ids.length - at;
    if (/^\d{1,27}$/.test(id)) this.ids = [...this.ids, id].slice(-this.capacity);
    return undefined;
  }

  get size(): number {
    return this.ids.length;
  }
}

const anyId = fc.oneof(
  fc.constantFrom('0', '00', '1', '01', '9007199254740993', '9007199254740992'),
  fc.stringMatching(/^1178007813257388[0-9]{3}$/),
  fc.stringMatching(/^[0-9]{27,28}$/),
  fc.constantFrom('', 'a', '-1', '1.0', ' 1', '１'),
);
const fewIds = fc.array(anyId, { minLength: 1, maxLength: 12 });

test('recent ids: any sequence of ids -> as a list of the last ones', () => {
  const sequences = fewIds.chain((ids) =>
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.constantFrom(...ids), { maxLength: 100 })),
  );
  fc.assert(
    fc.property(sequences, ([capacity, sequence]) => {
      const recent = new RecentIds(capacity);
      const list = new ListOfIds(capacity);
      for (const id of sequence) {
        assert.equal(recent.has(id), list.has(id), `has ${id}`);
        assert.equal(recent.add(id), list.add(id), `add ${id}`);
        assert.equal(recent.size, list.size);
      }
    }),
    { numRuns: 1000 },
  );
});

test('recent ids: many more ids than fit -> exactly the last ones', () => {
  const capacity = 5000;
  const recent = new RecentIds(capacity);
  const first = 1178007813257388033n;
  // Snowflake ids of one machine differ in few bits.
  const idAt = (at: number): string => String(first + (BigInt(at) << 22n));
  for (let at = 0; at < 4 * capacity; at++) assert.equal(recent.add(idAt(at)), undefined);
  for (let at = 0; at < 4 * capacity; at++) assert.equal(recent.has(idAt(at)), at >= 3 * capacity);
  assert.equal(recent.add(idAt(4 * capacity - 1)), 1);
  assert.equal(recent.add(idAt(3 * capacity)), capacity);
});

test('recent ids: 100,000 ids -> less than 8 MB', () => {
  const before = process.memoryUsage();
  const recent = new RecentIds(100_000);
  for (let at = 0; at < 100_000; at++) recent.add(String(1178007813257388033n + BigInt(at)));
  const after = process.memoryUsage();
  assert.equal(recent.size, 100_000);
  // Typed arrays are outside of the heap; nothing else grows with the ids.
  assert.ok(after.arrayBuffers - before.arrayBuffers < 8_000_000);
});
