import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exponentialBackoff } from '../../src/util/backoff';
import { envVariable, fillIn, variablesIn } from '../../src/util/env-variable';
import { Problem } from '../../src/util/problem';
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

const values: Record<string, string> = { HOST: 'kafka1', PORT: '9092', EMPTY: '', MONEY: '$& ${HOST}' };
const fill = (text: string): string => fillIn('brokers', text, (name) => values[name]);

test('fillIn: variables as parts of a text -> their values, taken as they are', () => {
  assert.equal(fill('${HOST}:${PORT}'), 'kafka1:9092');
  assert.equal(fill('a:1, ${HOST}:9093,${EMPTY}b'), 'a:1, kafka1:9093,b');
  assert.equal(fill('x${MONEY}'), 'x$& ${HOST}');
  assert.equal(fill(' ${HOST} '), 'kafka1');
  for (const text of ['', '$HOST', '${}', '${', '$${', '{HOST}', '${A{B}']) assert.equal(fill(text), text);
});

test('fillIn: a variable that is not set -> a problem with the field and its name', () => {
  assert.throws(() => fill('${HOST}:${GONE},${LOST}'), {
    key: 'env-unset',
    params: { field: 'brokers', name: 'GONE' },
    message: /“brokers”.* GONE,/,
  });
});

test('fillIn: any text -> the same parts in order, or the first variable that is not set', () => {
  const part = fc.oneof(fc.constantFrom('${HOST}', '${PORT}', '${GONE}', '$', '{', '}'), fc.string());
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const missing = variablesIn(text).find((name) => values[name] === undefined);
      try {
        const filled = fill(text);
        assert.equal(missing, undefined);
        if (variablesIn(text).length === 0) assert.equal(filled, text);
      } catch (error) {
        assert.ok(error instanceof Problem, String(error));
        assert.equal(error.params.name, missing);
      }
    }),
  );
});
