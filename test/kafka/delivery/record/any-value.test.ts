import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual, types } from 'node:util';
import fc from 'fast-check';
import { toRecord } from '../../../../src/kafka/delivery/record/record';
import { Problem } from '../../../../src/util/problem';

const now = 1_700_000_000_000;

class Box {
  constructor(readonly inside: unknown) {}
}

const leaf = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  } as fc.ObjectConstraints),
  fc.array(fc.nat(0xffff), { maxLength: 5 }).map((units) => String.fromCharCode(...units)),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.uint8Array().map((bytes) => bytes.slice().buffer),
  fc.constantFrom<unknown>(
    ...[new Error('x'), /x/, () => 1, Symbol('s'), Promise.resolve(), new WeakMap(), new URL('http://x/')],
    ...[new Date(Number.NaN), Object(Symbol('s')), new Box(1), new Box(undefined), new (class Empty {})()],
  ),
);
const anything = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.string(), leaf, { maxKeys: 3 }),
  leaf.map((inside) => new Box(inside)),
);

/** The bytes, if the value is bytes. */
function bytesIn(value: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return types.isAnyArrayBuffer(value) ? Buffer.from(value as ArrayBuffer) : undefined;
}

/** What JSON text stands for a value; throws where it stands for something else. */
function asParsed(value: unknown): unknown {
  const plain = types.isBoxedPrimitive(value) ? (value as { valueOf(): unknown }).valueOf() : value;
  if (plain === null || typeof plain === 'string' || typeof plain === 'boolean') return plain;
  if (typeof plain === 'number') return Number.isFinite(plain) ? plain + 0 : assert.fail('not finite');
  assert.equal(typeof plain, 'object');
  const object = plain as Record<string, unknown>;
  if (types.isDate(object)) return object.toISOString();
  if (object instanceof URL) return object.href;
  if (Buffer.isBuffer(object)) return { type: 'Buffer', data: [...object] };
  if (Array.isArray(object)) return Array.from(object, asParsed);
  assert.ok(!bytesIn(object) && !types.isMap(object) && !types.isSet(object) && !types.isNativeError(object));
  const isClass = ![null, Object.prototype].includes(Object.getPrototypeOf(object));
  assert.ok(!isClass || object instanceof Box, 'a class without members');
  const members = Object.entries(object).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, asParsed(member)]));
}

/** The text or bytes that a key or header stands for. */
function asText(given: unknown): Buffer {
  const value = types.isBoxedPrimitive(given) ? (given as { valueOf(): unknown }).valueOf() : given;
  const bytes = bytesIn(value);
  if (bytes) return bytes;
  assert.ok(['string', 'number', 'boolean', 'bigint'].includes(typeof value), `a ${typeof value}`);
  return Buffer.from(String(value));
}

const isExact = (given: unknown): boolean =>
  typeof given !== 'string' || Buffer.from(given).toString() === given;

/** The record, or undefined where it is rejected with a Problem. */
function recordOf(fields: Parameters<typeof toRecord>[0]): ReturnType<typeof toRecord> | undefined {
  try {
    return toRecord(fields, now);
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    assert.ok(
      error.message.length > 10 && !/__(value|type|cause|name|path)__/.test(error.message),
      error.message,
    );
    return undefined;
  }
}

const runs = { numRuns: Number(process.env.FUZZ_SEQUENCES ?? 2000) };

test('value: any JavaScript value -> written faithfully or rejected', () => {
  let written = 0;
  fc.assert(
    fc.property(anything, (value) => {
      const record = recordOf({ value });
      if (!record) return;
      written++;
      if (value === null) return assert.equal(record.value, null);
      const bytes = bytesIn(value);
      const text = types.isStringObject(value) ? value.valueOf() : value;
      if (bytes) assert.deepEqual(record.value, bytes);
      else if (typeof text === 'string') assert.ok(isExact(text) && String(record.value) === text);
      else
        assert.ok(isDeepStrictEqual(JSON.parse(String(record.value)), asParsed(value)), String(record.value));
    }),
    runs,
  );
  assert.ok(written > runs.numRuns / 20);
});

test('key, header: any JavaScript value -> written faithfully or rejected', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const { key } = recordOf({ value: 'v', key: value }) ?? {};
      if (key === null) assert.ok(value === null || value === undefined);
      else if (key) assert.ok(isExact(value) && key.equals(asText(value)));

      const { headers } = recordOf({ value: 'v', headers: { h: value } }) ?? {};
      if (!headers) return;
      const expected = (one: unknown) => (one === null ? null : asText(one));
      if (value === undefined) assert.deepEqual(Object.keys(headers), []);
      else assert.deepEqual(headers.h, Array.isArray(value) ? Array.from(value, expected) : expected(value));
    }),
    runs,
  );
});

test('headers, timestamp, partition: any JavaScript value -> a record or a Problem', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const { headers } = recordOf({ value: 'v', headers: value }) ?? {};
      if (headers) {
        const names = Object.entries(value as object).filter(([, one]) => one !== undefined);
        assert.deepEqual(
          Object.keys(headers),
          names.map(([name]) => name),
        );
        assert.ok(!types.isMap(value) && !types.isSet(value) && !bytesIn(value));
      }
      recordOf({ value: 'v', timestamp: value });
      recordOf({ value: 'v', partition: value });
    }),
    runs,
  );
});
