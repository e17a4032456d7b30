import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponentialBackoff } from '../../src/util/backoff';
import { envVariable } from '../../src/util/env-variable';
import { within } from '../../src/util/within';

test('within: work in time -> its result or its error', async () => {
  const late = (): never => assert.fail('late');
  assert.equal(await within(Promise.resolve(1), 60_000, late), 1);
  await assert.rejects(within(Promise.reject(new Error('broken')), 60_000, late), /broken/);
});

test('within: work that never settles -> the result or the error of onLate', async () => {
  const never = new Promise<number>(() => {});
  assert.equal(await within(never, 1, () => 'late'), 'late');
  const onLate = (): never => {
    throw new Error('too late');
  };
  await assert.rejects(within(never, 1, onLate), /too late/);
});

test('within: work that fails after the limit -> no unhandled rejection', async () => {
  let fail = (_error: Error): void => {};
  const work = new Promise<number>((_, reject) => {
    fail = reject;
  });
  assert.equal(await within(work, 1, () => 'late'), 'late');
  fail(new Error('after the limit'));
  await new Promise((resolve) => setImmediate(resolve));
});

test('exponentialBackoff: each wait doubles up to the longest, within the jitter', () => {
  const plain = exponentialBackoff(200, 1000);
  assert.deepEqual([plain(), plain(), plain(), plain(), plain()], [200, 400, 800, 1000, 1000]);
  for (let round = 0; round < 100; round++) {
    const wait = exponentialBackoff(100, 100, 0.2)();
    assert.ok(wait >= 80 && wait <= 120, String(wait));
  }
});

test('envVariable: only a text that is one variable', () => {
  assert.equal(envVariable(' ${KAFKA_HOST} '), 'KAFKA_HOST');
  const others = [undefined, '', 'KAFKA_HOST', '$KAFKA_HOST', '${}', '${A}:9092', '${A}:${B}', 'x${A}'];
  for (const text of others) assert.equal(envVariable(text), undefined, text);
});
