import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginning, StreamLine } from '../../src/stream/stream-line';
import { Problem } from '../../src/util/problem';

const text = '{"data":{"id":"1178007813257388033","text":"é 😀"},"n":1178007813257388033}';

test('StreamLine: format object -> parsed message and exact text', () => {
  const { payload, raw } = new StreamLine(Buffer.from(text)).as('object');
  assert.deepEqual(payload, JSON.parse(text));
  assert.equal(raw, text);
});

test('StreamLine: formats text and buffer -> the exact bytes, in separate memory', () => {
  const chunk = Buffer.from(`..${text}..`);
  const line = new StreamLine(chunk.subarray(2, -2));
  assert.deepEqual(line.as('text'), { payload: text });
  const { payload } = line.as('buffer');
  assert.deepEqual(payload, Buffer.from(text));
  chunk.fill(0);
  assert.deepEqual(payload, Buffer.from(text));
});

test('StreamLine: JSON of any type -> its value', () => {
  for (const json of ['[]', 'null', '0', '""', '{}', 'false']) {
    assert.deepEqual(new StreamLine(Buffer.from(json)).as('object'), {
      payload: JSON.parse(json),
      raw: json,
    });
  }
});

test('StreamLine: invalid UTF-8 -> the bytes in place of the text', () => {
  const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);
  const line = new StreamLine(bytes);
  assert.deepEqual(line.as('object'), { payload: { a: '\ufffd' }, raw: bytes });
  assert.deepEqual(line.as('text'), { payload: bytes });
});

test('StreamLine: text that is not JSON -> line-not-json with its beginning', () => {
  const line = new StreamLine(Buffer.from(`Exceeded connection limit for user ${'😀'.repeat(200)}`));
  assert.throws(
    () => line.as('object'),
    (error) =>
      error instanceof Problem && error.key === 'line-not-json' && /Exceeded connection/.test(error.message),
  );
  assert.equal([...beginning(line.bytes)].length, 120);
  assert.equal(line.valueIfJson, undefined);
  assert.match(String(line.as('text').payload), /^Exceeded/);
});

test('StreamLine: two receivers -> two objects', () => {
  const line = new StreamLine(Buffer.from('{"data":{"id":"1"}}'));
  const first = line.as('object').payload as { data: { id: string } };
  const second = line.as('object').payload;
  first.data.id = 'changed';
  assert.deepEqual(second, { data: { id: '1' } });
});
