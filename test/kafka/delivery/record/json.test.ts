import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { jsonText } from '../../../../src/kafka/delivery/record/json';
import type { Problem } from '../../../../src/util/problem';

class Point {
  constructor(
    readonly x: number,
    readonly y: unknown,
  ) {}
}

test('jsonText: what JSON holds -> as JSON.stringify writes it', () => {
  const shared = { a: 1 };
  const values: unknown[] = [
    { a: [1, 'é', null, true, { b: -0.5 }], left: undefined },
    [shared, shared],
    new Point(1, 2),
    Object.create(null, { own: { value: 1, enumerable: true } }),
    { at: new Date(0), link: new URL('http://x.org/'), bytes: Buffer.from('x') },
    { boxed: [new String('x'), Object(1), Object(true)] },
    { left: { toJSON: () => undefined } },
    { big: Object.assign(Object(1n), { toJSON: () => '1' }) },
    runInNewContext('({ a: [1, { b: "x" }], d: new Date(0) })'),
    'half of a character: \ud83c',
  ];
  for (const value of values) assert.equal(jsonText(value), JSON.stringify(value));
});

test('jsonText: what JSON would drop or change -> error with type and place', () => {
  const withName = Object.assign(new Error('lost'), { code: 'E' });
  const bad: Array<[unknown, string]> = [
    [new Map([['a', 1]]), 'Map'],
    [new Set([1]), 'Set'],
    [withName, 'Error'],
    [new RangeError('x'), 'RangeError'],
    [/x/, 'RegExp'],
    [new WeakMap(), 'WeakMap'],
    [Promise.resolve(), 'Promise'],
    [new Uint8Array([1]), 'Uint8Array'],
    [new Uint8Array([1]).buffer, 'ArrayBuffer'],
    [new DataView(new ArrayBuffer(1)), 'DataView'],
    [new URLSearchParams('a=1'), 'URLSearchParams'],
    [new (class Secret {})(), 'Secret'],
    [Object.create({ inherited: 1 }), 'Object'],
    [new Date(Number.NaN), 'Invalid Date'],
    [Object(Number.NaN), 'NaN'],
    [() => 1, 'function'],
    [Symbol('s'), 'symbol'],
    [Object(Symbol('s')), 'symbol'],
    [1n, 'bigint'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [Math, 'Math'],
    [runInNewContext('new Map()'), 'Map'],
    [runInNewContext('new Error("x")'), 'Error'],
    [{ toJSON: () => new Set() }, 'Set'],
  ];
  const failure = (value: unknown): Problem => {
    try {
      return assert.fail(`accepted: ${jsonText(value)}`);
    } catch (error) {
      assert.equal((error as Problem).key, 'value-no-json');
      return (error as Problem).params.cause as Problem;
    }
  };
  for (const [value, type] of bad) {
    assert.ok(Object.values(failure(value).params).includes(type), type);
    const nested: Array<[unknown, string]> = [
      [{ a: value }, '.a'],
      [[0, value], '[1]'],
      [{ 'a b': [{ c: value }] }, '["a b"][0].c'],
      [new Point(1, value), '.y'],
    ];
    for (const [container, path] of nested) {
      assert.deepEqual(failure(container).params, { type, path });
    }
  }
  for (const array of [[undefined], new Array(1)]) {
    assert.deepEqual(failure(array).params, { type: 'undefined', path: '[0]' });
  }
});

test('jsonText: cycle, throwing getter, too deep -> error of JSON.stringify', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const getter = {
    get a(): never {
      throw new Error('no a');
    },
  };
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = [deep];
  for (const value of [circular, getter, deep]) {
    assert.throws(() => jsonText(value), { key: 'value-no-json' });
  }
});
