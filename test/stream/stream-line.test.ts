import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginning, postIdOf, StreamLine } from '../../src/stream/stream-line';
import { Problem } from '../../src/util/problem';

const text = '{"data":{"id":"1178007813257388033","text":"é 😀"},"n":1178007813257388033}';

test('object: the parsed message beside its exact text', () => {
  const { payload, raw } = new StreamLine(Buffer.from(text)).as('object');
  assert.deepEqual(payload, JSON.parse(text));
  assert.equal(raw, text);
});

test('text and buffer: exactly what came, in memory of its own', () => {
  const chunk = Buffer.from(`..${text}..`);
  const line = new StreamLine(chunk.subarray(2, -2));
  assert.deepEqual(line.as('text'), { payload: text });
  const { payload } = line.as('buffer');
  assert.deepEqual(payload, Buffer.from(text));
  chunk.fill(0);
  assert.deepEqual(payload, Buffer.from(text));
});

test('JSON of any type passes', () => {
  for (const json of ['[]', 'null', '0', '""', '{}', 'false']) {
    assert.deepEqual(new StreamLine(Buffer.from(json)).as('object'), {
      payload: JSON.parse(json),
      raw: json,
    });
  }
});

test('what is not UTF-8 is handed on as its bytes', () => {
  const bytes = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]);
  const line = new StreamLine(bytes);
  assert.deepEqual(line.as('object'), { payload: { a: '\ufffd' }, raw: bytes });
  assert.deepEqual(line.as('text'), { payload: bytes });
});

test('what is not JSON is a problem that shows its beginning', () => {
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

test('the id of a post is its digits; a notice has none', () => {
  assert.equal(postIdOf(JSON.parse(text)), '1178007813257388033');
  for (const other of [null, 1, {}, { data: null }, { data: { id: 5 } }, { data: { delete: {} } }]) {
    assert.equal(postIdOf(other), undefined);
  }
});

test('each taker gets an object of its own: one flow may change what another still reads', () => {
  const line = new StreamLine(Buffer.from('{"data":{"id":"1"}}'));
  const first = line.as('object').payload as { data: { id: string } };
  const second = line.as('object').payload;
  first.data.id = 'changed';
  assert.deepEqual(second, { data: { id: '1' } });
});
