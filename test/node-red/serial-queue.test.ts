import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SerialQueue } from '../../src/node-red/serial-queue';

test('turns are taken in the order they came, whichever has to be waited for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.nat(3)), { minLength: 1, maxLength: 30 }), async (waits) => {
      const order = new SerialQueue();
      const taken: number[] = [];
      const results = waits.map((ticks, index) =>
        order.run(ticks === null ? index : later(ticks, index), async (value) => {
          taken.push(value);
          return value;
        }),
      );
      const values = await Promise.all(results);
      const all = waits.map((_, index) => index);
      assert.deepEqual(taken, all);
      assert.deepEqual(values, all);
    }),
    { numRuns: 200 },
  );
});

test('a turn begins when the one before has begun, not when it has ended', async () => {
  const order = new SerialQueue();
  let endFirst = (): void => {};
  const first = order.run(Promise.resolve(1), () => new Promise<void>((resolve) => (endFirst = resolve)));
  const second = await order.run(2, async (value) => value);
  assert.equal(second, 2);
  endFirst();
  await first;
});

test('what is rejected fails alone', async () => {
  const order = new SerialQueue();
  const bad = order.run(Promise.reject(new Error('no value')), async () => 'never');
  const worse = order.run('x', async () => {
    throw new Error('no use');
  });
  const good = order.run('y', async (value) => value);
  await assert.rejects(bad, /no value/);
  await assert.rejects(worse, /no use/);
  assert.equal(await good, 'y');
});

async function later<T>(ticks: number, value: T): Promise<T> {
  for (let tick = 0; tick < ticks; tick++) await new Promise((resolve) => setImmediate(resolve));
  return value;
}
