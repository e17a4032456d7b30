import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type RecordFields, toRecord } from '../../../src/kafka/delivery/record';

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
  ];
  for (const [value, text] of cases) {
    assert.equal(record({ value }).value?.toString() ?? null, text, String(value));
  }
});

test('value: any text -> its UTF-8, not changed by the next record', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    // Lone surrogates too.
    fc.array(fc.nat(0xffff), { maxLength: 50 }).map((units) => String.fromCharCode(...units)),
    fc.nat(70_000).map((length) => 'é한😀'.repeat(length / 4)),
  );
  fc.assert(
    fc.property(text, text, (first, second) => {
      const values = [first, second].map((value) => record({ value }).value);
      assert.deepEqual(values, [Buffer.from(first), Buffer.from(second)]);
    }),
  );
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
  for (const key of [{}, [], Number.NaN]) assert.throws(() => record({ key }), { key: 'key-invalid' });
});

test('timestamp: milliseconds, digits, dates -> epoch ms; missing -> now', () => {
  const cases: Array<[unknown, number]> = [
    [1569693923661, 1569693923661],
    ['1569693923661', 1569693923661],
    [1.9, 1],
    [new Date(5), 5],
    ['2019-09-28T18:05:23.661Z', 1569693923661],
    [undefined, now],
    [null, now],
    ['', now],
  ];
  for (const [timestamp, ms] of cases) assert.equal(record({ timestamp }).timestamp, ms, String(timestamp));
  for (const timestamp of ['yesterday', -1, Number.NaN, {}, true, new Date(Number.NaN), '2019-99-99', 9e15]) {
    assert.throws(() => record({ timestamp }), { key: 'timestamp-invalid' }, String(timestamp));
  }
});

test('headers, partition: invalid -> error', () => {
  const { headers } = record({ headers: { a: 'x', b: 1, c: Buffer.from('y'), d: ['1', '2'], e: null } });
  assert.deepEqual(Object.keys(headers ?? {}), ['a', 'b', 'c', 'd']);
  for (const headers of ['text', 5, [], Buffer.from('x')]) {
    assert.throws(() => record({ headers }), { key: 'headers-invalid' });
  }
  assert.throws(() => record({ headers: { a: {} } }), { key: 'header-value-invalid' });
  assert.equal(record({ partition: '3' }).partition, 3);
  assert.equal(record({ partition: '' }).partition, undefined);
  for (const partition of [-1, 1.5, 'x', {}, 2 ** 31]) {
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
