import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SerialQueue } from '../../src/node-red/serial-queue';

test('SerialQueue: values that arrive out of order -> tasks start in the order of the calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.nat(3)), { minLength: 1, maxLength: 30 }), async (waits) => {
      const queue = new SerialQueue();
      const started: number[] = [];
      const results = waits.map((ticks, index) =>
        queue.run(ticks === null ? index : later(ticks, index), async (value) => {
          started.push(value);
          return value;
        }),
      );
      const values = await Promise.all(results);
      const all = waits.map((_, index) => index);
      assert.deepEqual(started, all);
      assert.deepEqual(values, all);
    }),
    { numRuns: 200 },
  );
});

test('SerialQueue: a task that has not ended -> the next one starts', async () => {
  const queue = new SerialQueue();
  let endFirst = (): void => {};
  const first = queue.run(Promise.resolve(1), () => new Promise<void>((resolve) => (endFirst = resolve)));
  const second = await queue.run(2, async (value) => value);
  assert.equal(second, 2);
  endFirst();
  await first;
});

test('SerialQueue: a value or a task that rejects -> only its own call rejects', async () => {
  const queue = new SerialQueue();
  const bad = queue.run(Promise.reject(new Error('no value')), async () => 'never');
  const worse = queue.run('x', async () => {
    throw new Error('broken');
  });
  const good = queue.run('y', async (value) => value);
  await assert.rejects(bad, /no value/);
  await assert.rejects(worse, /broken/);
  assert.equal(await good, 'y');
});

async function later<T>(ticks: number, value: T): Promise<T> {
  for (let tick = 0; tick < ticks; tick++) await new Promise((resolve) => setImmediate(resolve));
  return value;
}
