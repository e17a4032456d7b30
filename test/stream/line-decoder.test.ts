import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineDecoder } from '../../src/stream/line-decoder';

// Of a line over the limit only the first `limit` bytes are specified.
const specified = (text: string, limit: number): string => text.slice(0, limit);

function decode(limit: number, chunks: Buffer[]): { text: string; cut: boolean }[] {
  const decoder = new LineDecoder(limit);
  const lines = chunks.flatMap((chunk) => decoder.push(chunk));
  const last = decoder.end();
  return (last ? [...lines, last] : lines).map(({ bytes, cut }) => {
    const text = bytes.toString('latin1');
    return { text: cut ? specified(text, limit) : text, cut };
  });
}

function cutAt(bytes: Buffer, places: number[]): Buffer[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...cuts, bytes.length].map((to, at) => bytes.subarray(cuts[at - 1] ?? 0, to));
}

/** The expected lines, by the simplest implementation. */
function expected(bytes: Buffer, limit: number): { text: string; cut: boolean }[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) =>
      line.length > limit
        ? { text: specified(line, limit), cut: true }
        : { text: line.replace(/\r$/, ''), cut: false },
    )
    .filter(({ text, cut }) => cut || text !== '');
}

// Line ends and multi-byte characters, so that most chunk boundaries split something.
const awkward = fc
  .array(fc.constantFrom('\n', '\r', '\r\n', 'a', '{"x":1}', 'é', '😀', '\u0000', '\u2028'), {
    maxLength: 60,
  })
  .map((parts) => Buffer.from(parts.join('')));

test('LineDecoder: any bytes in any chunks -> the same lines', () => {
  fc.assert(
    fc.property(
      fc.oneof(awkward, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)),
      fc.array(fc.nat(500), { maxLength: 80 }),
      fc.integer({ min: 1, max: 40 }),
      (bytes, places, limit) => {
        assert.deepEqual(decode(limit, cutAt(bytes, places)), expected(bytes, limit));
      },
    ),
    { numRuns: 2000 },
  );
});

test('LineDecoder: characters and line ends split between chunks -> whole lines', () => {
  const decoder = new LineDecoder();
  const bytes = Buffer.from('{"text":"日本語 😀"}\r\n{"n":2}\r\n');
  const lines = [...bytes].flatMap((byte) => decoder.push(Buffer.from([byte])));
  assert.deepEqual(
    lines.map((line) => line.bytes.toString()),
    ['{"text":"日本語 😀"}', '{"n":2}'],
  );
});

test('LineDecoder: line from several chunks -> unchanged by later chunks', () => {
  const decoder = new LineDecoder();
  const first = [...decoder.push(Buffer.from('on')), ...decoder.push(Buffer.from('e\ntw'))];
  const second = decoder.push(Buffer.from('o\n'));
  assert.equal(first[0]?.bytes.toString(), 'one');
  assert.equal(second[0]?.bytes.toString(), 'two');
});

test('LineDecoder: 2 MB in one-byte chunks -> one line', () => {
  const decoder = new LineDecoder();
  const chunk = Buffer.from('x');
  for (let i = 0; i < 2_000_000; i++) assert.equal(decoder.push(chunk).length, 0);
  const [line] = decoder.push(Buffer.from('\r\n'));
  assert.equal(line?.bytes.length, 2_000_000);
});

test('LineDecoder: line over the limit -> cut once, the next line is whole', () => {
  const decoder = new LineDecoder(1000);
  const lines = [];
  for (let i = 0; i < 50; i++) lines.push(...decoder.push(Buffer.alloc(400, 'y')));
  lines.push(...decoder.push(Buffer.from('end\nnext\n')));
  assert.deepEqual(
    lines.map(({ bytes, cut }) => [bytes.toString(), cut]),
    [
      ['y'.repeat(480), true],
      ['next', false],
    ],
  );
});
