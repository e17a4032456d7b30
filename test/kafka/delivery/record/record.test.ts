import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RecordFields, toRecord } from '../../../../src/kafka/delivery/record/record';
import type { Problem } from '../../../../src/util/problem';

const now = 1_700_000_000_000;
const record = (fields: Partial<RecordFields>) => toRecord({ value: 'v', ...fields }, now);

const circular: Record<string, unknown> = {};
circular.self = circular;

test('value: object -> JSON; text and bytes -> as they are; null -> tombstone', () => {
  const cases: Array<[unknown, string | null]> = [
    [{ a: [1, 'é'] }, '{"a":[1,"é"]}'],
    [[1, null], '[1,null]'],
    ['{"as": "it is"}', '{"as": "it is"}'],
    ['', ''],
    [Buffer.from('bytes'), 'bytes'],
    [new Uint8Array([0x61, 0x62]), 'ab'],
    [42, '42'],
    [false, 'false'],
    [null, null],
    [new Date(now), JSON.stringify(new Date(now))],
    [new Uint8Array([0x61, 0x62]).buffer, 'ab'],
    [new SharedArrayBuffer(0), ''],
    [new DataView(new Uint8Array([0x61, 0x62, 0x63]).buffer, 1), 'bc'],
    [new String('text'), 'text'],
    [Object(7), '7'],
  ];
  for (const [value, text] of cases) {
    assert.equal(record({ value }).value?.toString() ?? null, text, String(value));
  }
});

test('value: any text -> its UTF-8, not changed by the next record; half of a character -> error', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    // Lone surrogates too.
    fc.array(fc.nat(0xffff), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
    fc.nat(70_000).map((length) => 'é한😀'.repeat(length / 4)),
    fc.constant('U+FFFD itself: \ufffd'),
  );
  fc.assert(
    fc.property(text, text, (first, second) => {
      const cut = [first, second].some((one) => !isWellFormed(one));
      const both = () => [first, second].map((value) => record({ value }).value);
      if (cut) assert.throws(both, { key: 'value-unwritable' });
      else assert.deepEqual(both(), [Buffer.from(first), Buffer.from(second)]);
    }),
  );
});

const isWellFormed = (text: string): boolean => Buffer.from(text).toString() === text;

test('value, key, headers: half of an emoji -> error that says where', () => {
  const cut = '한🏀'.slice(0, 2);
  const cases: Array<[Partial<RecordFields>, string]> = [
    [{ value: cut }, 'value-unwritable'],
    [{ key: cut }, 'key-unwritable'],
    [{ headers: { h: cut } }, 'header-unwritable'],
    [{ headers: { h: ['ok', cut] } }, 'header-unwritable'],
    [{ headers: { [cut]: 'x' } }, 'header-unwritable'],
  ];
  for (const [fields, key] of cases) {
    assert.throws(
      () => record(fields),
      (error: Problem) => {
        assert.deepEqual([error.key, (error.params.cause as Problem).params.position], [key, 2]);
        return true;
      },
    );
  }
  // JSON escapes it.
  assert.equal(record({ value: { cut: '\ud83c' } }).value?.toString(), '{"cut":"\\ud83c"}');
});

test('value, key, headers: buffer filled again after acceptance -> the bytes at acceptance', () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(1);
  const sources = [Buffer.from(bytes.buffer), bytes, bytes.buffer, new DataView(bytes.buffer), shared];
  for (const value of sources) {
    bytes.set([1, 2, 3, 4]);
    shared.set([1, 2, 3, 4]);
    const list = [value, value];
    const headers: Record<string, unknown> = { one: value, list };
    const accepted = record({ value, key: value, headers });
    bytes.fill(9);
    shared.fill(9);
    list.pop();
    headers.one = 'other';
    const expected = Buffer.from([1, 2, 3, 4]);
    assert.deepEqual([accepted.value, accepted.key], [expected, expected]);
    assert.deepEqual({ ...accepted.headers }, { one: expected, list: [expected, expected] });
  }
});

test('value, key, headers: buffer that another thread has -> error, not empty', () => {
  const view = new Uint8Array([1, 2, 3]);
  const { buffer } = view;
  structuredClone(buffer, { transfer: [buffer] });
  for (const value of [view, buffer]) {
    assert.throws(() => record({ value }), { key: 'value-unwritable' });
    assert.throws(() => record({ key: value }), { key: 'key-unwritable' });
    assert.throws(() => record({ headers: { h: [value] } }), { key: 'header-unwritable' });
  }
  assert.equal(record({ value: new Uint8Array() }).value?.length, 0);
});

test('value: undefined, no JSON -> error', () => {
  assert.throws(() => record({ value: undefined }), { key: 'value-none' });
  for (const value of [circular, Number.NaN, Number.POSITIVE_INFINITY, 10n, () => 1, Symbol('s')]) {
    assert.throws(() => record({ value }), { key: 'value-no-json' });
  }
});

test('key: text, bytes, exact number -> bytes; rounded number, object -> error', () => {
  assert.equal(record({ key: '1178007813257388033' }).key?.toString(), '1178007813257388033');
  assert.equal(record({ key: 7 }).key?.toString(), '7');
  assert.equal(record({ key: true }).key?.toString(), 'true');
  assert.equal(record({ key: Buffer.from([1]) }).key?.[0], 1);
  for (const none of [undefined, null]) assert.equal(record({ key: none }).key, null);
  assert.throws(() => record({ key: 2 ** 60 }), { key: 'key-rounded' });
  assert.equal(record({ key: new Uint8Array([0x6b]).buffer }).key?.toString(), 'k');
  for (const key of [{}, [], new Date(), new Map(), Number.NaN])
    assert.throws(() => record({ key }), { key: 'key-invalid' });
});

test('headers, partition: invalid -> error', () => {
  const given = JSON.parse(
    '{"a": "x", "b": 1, "c": true, "d": ["1", null], "e": null, "__proto__": "y", "f": []}',
  );
  const { headers } = record({ headers: { ...given, ...{ ['__proto__']: 'y' }, g: undefined, h: 7n } });
  const texts = Object.entries(headers ?? {}).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((one) => one?.toString() ?? null) : (value?.toString() ?? null),
  ]);
  assert.deepEqual(Object.fromEntries(texts.filter(([name]) => name !== '__proto__')), {
    ...{ a: 'x', b: '1', c: 'true', d: ['1', null], e: null, f: [], h: '7' },
  });
  assert.deepEqual(
    texts.find(([name]) => name === '__proto__'),
    ['__proto__', 'y'],
  );
  assert.deepEqual(record({ headers: {} }).headers, Object.create(null));
  for (const headers of [
    'text',
    5,
    [],
    Buffer.from('x'),
    new Map([['a', 'x']]),
    new Date(),
    new String('x'),
    () => 1,
  ]) {
    assert.throws(() => record({ headers }), { key: 'headers-invalid' });
  }
  for (const value of [
    {},
    new Date(),
    Number.NaN,
    Symbol('s'),
    [undefined],
    new Array(1),
    [['x']],
    new Map(),
  ]) {
    assert.throws(() => record({ headers: { a: value } }), { key: 'header-value-invalid' });
  }
  assert.equal(record({ partition: '3' }).partition, 3);
  assert.equal(record({ partition: '' }).partition, undefined);
  for (const partition of [-1, 1.5, 'x', {}, Object.create(null), 2 ** 31]) {
    assert.throws(() => record({ partition }), { key: 'partition-invalid' });
  }
});

test('bytes: counts key, value and headers', () => {
  const plain = record({ value: 'x'.repeat(1000) }).bytes;
  assert.ok(plain > 1000 && plain < 1030);
  const more = record({
    value: 'x'.repeat(1000),
    key: 'k'.repeat(50),
    headers: { name: 'é'.repeat(20) },
  }).bytes;
  assert.ok(more - plain >= 50 + 4 + 40);
});
