import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UnreadableRecording } from '../../../src/stream/replay/recorded-message';
import { messagesOf } from '../../../src/stream/replay/recording';
import { layoutNames, type Recorded, recordedAs } from './layouts';

const path = '/data/recording.json';

interface Outcome {
  messages: string[];
  problems: { key: string; message: string; line: unknown; payload?: string }[];
}

/** Reads a recording that comes in these chunks. */
async function read(chunks: Buffer[], maxBytes?: number): Promise<Outcome> {
  const outcome: Outcome = { messages: [], problems: [] };
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* chunks;
  }
  try {
    for await (const messages of messagesOf({ path, bytes }, maxBytes)) {
      for (const { line, problem = line.problem } of messages) {
        const text = String(line.text);
        if (problem) outcome.problems.push({ ...told(problem), payload: text });
        else outcome.messages.push(text);
      }
    }
  } catch (error) {
    assert.ok(error instanceof UnreadableRecording, String(error));
    outcome.problems.push({ ...told(error), payload: error.payload?.toString() });
  }
  return outcome;
}

function told({ key, message, params }: UnreadableRecording | (Error & { key: string; params: object })) {
  const { cause } = params as { cause?: { params?: { line?: unknown } } };
  return { key, message, line: (params as { line?: unknown }).line ?? cause?.params?.line };
}

const readText = (text: string, maxBytes?: number) => read([Buffer.from(text)], maxBytes);

function chunksOf(text: string, places: number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...cuts, bytes.length].map((to, at) => bytes.subarray(cuts[at - 1] ?? 0, to));
}

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;

const awkward = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('"', '\\', '\\"', '{', '}', '[', ']', '},{', '\n', '\\u0000', 'é😀', 'a = [', ',', ';'),
);
const message = fc.dictionary(awkward, fc.oneof(awkward, fc.jsonValue({ maxDepth: 3 }), fc.array(awkward)), {
  minKeys: 1,
  maxKeys: 4,
});

/** True if a cut recording ends in the middle of a message, a name or an array. */
function isIncomplete({ text, messages, inArray }: Recorded, cut: number): boolean {
  // A blank file has no messages, which the replay reports.
  if (text.slice(0, cut).trim() === '') return false;
  const last = messages.filter(({ to }) => to <= cut).at(-1);
  const behind = text.slice(last?.to ?? 0, cut);
  const open = last && inArray && !behind.includes(']');
  return open || /[^\s,;\]]/.test(behind);
}

test('recording: cut anywhere, in any layout and chunks -> whole messages once, one error', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...layoutNames),
      fc.array(message, { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.nat(2000), { maxLength: 12 }),
      async (name, objects, share, places) => {
        const recorded = recordedAs(name, objects);
        const cut = Math.round(share * recorded.text.length);
        const text = recorded.text.slice(0, cut);
        // A cut within a surrogate pair would not be UTF-8.
        fc.pre(!/\p{Surrogate}$/u.test(text));
        const { messages, problems } = await read(chunksOf(text, places));
        const whole = recorded.messages.filter(({ to }) => to <= cut);
        assert.deepEqual(
          messages,
          whole.map((one) => one.text),
        );
        assert.equal(problems.length, isIncomplete(recorded, cut) ? 1 : 0, JSON.stringify(problems));
        const [problem] = problems;
        if (!problem) return;
        assert.ok(problem.message.includes(path), problem.message);
        assert.match(problem.message, /line \d+/);
        const partial = recorded.messages.find(({ from, to }) => from < cut && cut < to);
        if (partial) assert.equal(problem.line, lineAt(text, partial.from));
      },
    ),
    { numRuns: 3000 },
  );
});

test('recording: any layout, complete -> all messages, no error', async () => {
  for (const name of layoutNames) {
    const objects = Array.from({ length: 500 }, (_, n) => ({
      id: String(n),
      text: '{["\\ é 😀',
      n: [n, { n }],
    }));
    const { text, messages } = recordedAs(name, objects);
    const outcome = await read(chunksOf(text, [1, 2, 1000, 5000, 5001]));
    assert.deepEqual(outcome, { messages: messages.map((one) => one.text), problems: [] }, name);
  }
});

test('recording: array elements of any type -> their exact text', async () => {
  const { messages, problems } = await readText('[ 1,-2.50e3 , "a,]}\\"",null,\n[3, 4],true,{ "a" : 1.0 }]');
  assert.deepEqual(messages, ['1', '-2.50e3', '"a,]}\\""', 'null', '[3, 4]', 'true', '{ "a" : 1.0 }']);
  assert.deepEqual(problems, []);
});

test('recording: array on one line, longer than a message may be -> streamed', async () => {
  const objects = Array.from({ length: 20_000 }, (_, n) => ({ id: String(n), text: 'x'.repeat(200) }));
  const { text } = recordedAs('array on one line', objects);
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, n) =>
    bytes.subarray(n * 1000, (n + 1) * 1000),
  );
  const { messages, problems } = await read(chunks, 1000);
  assert.equal(messages.length, objects.length);
  assert.deepEqual(problems, []);
});

test('recording: element over the limit -> one error, then the next elements', async () => {
  const text = `[\n{"a":1},\n{"b":"${'y'.repeat(3000)}","c":{"d":"]},{"}},\n{"e":2}\n]`;
  for (const places of [[], [50, 700, 1500, 3000]]) {
    const { messages, problems } = await read(chunksOf(text, places), 2000);
    assert.deepEqual(messages, ['{"a":1}', '{"e":2}']);
    assert.deepEqual(
      problems.map(({ key, line }) => [key, line]),
      [['replay-too-long', 3]],
    );
    assert.ok(problems[0]?.payload?.startsWith('{"b":"yyy'));
  }
});

test('recording: what is not JSON in an array -> the elements before it, then one error', async () => {
  const cases: [text: string, line: number, before: string[]][] = [
    ['[\n{"a":1},\n{"b":NaN},\n{"c":3}]', 3, ['{"a":1}']],
    ['[\n{"a":1},\n{"b":1,},\n{"c":3}]', 3, ['{"a":1}']],
    ['[\n{"a":1},\n{"b":"no end},\n{"c":3}]', 3, ['{"a":1}']],
    ["[{'a': 1}, {'b': 2}]", 1, []],
    ['[2021-04-01 10:00] INFO started\n[2021-04-01 10:01] INFO ready\n', 1, []],
    ['[\n{"a":1}\n]\n}', 4, ['{"a":1}']],
    ['{"a":1},\n{"b":2}\n]\n', 3, ['{"a":1}', '{"b":2}']],
    ['{"a":1}{"b":2}\nthe end of it = {}', 2, ['{"a":1}', '{"b":2}']],
  ];
  for (const [text, line, before] of cases) {
    const { messages, problems } = await readText(text);
    assert.deepEqual(messages, before, text);
    assert.deepEqual(
      problems.map((one) => [one.key, one.line]),
      [['replay-not-json', line]],
      text,
    );
  }
});

test('recording: invalid lines between JSON lines, also first and last -> an error each', async () => {
  const text = 'HTTP/1.1 200\r\nDate: x\r\n\r\n{"a":1}\n{"cut":"\n{"b":[1,\n{"c":2}\n{"d"';
  const { messages, problems } = await readText(text);
  assert.deepEqual(messages, ['{"a":1}', '{"c":2}']);
  assert.deepEqual(
    problems.map(({ key, payload, line }) => [key, payload, line]),
    [
      ['line-not-json', 'HTTP/1.1 200', 1],
      ['line-not-json', 'Date: x', 2],
      ['line-not-json', '{"cut":"', 5],
      ['line-not-json', '{"b":[1,', 6],
      ['line-not-json', '{"d"', 8],
    ],
  );
});

test('recording: first line cut off, then JSON lines -> an error, then the lines', async () => {
  for (const cut of ['{', '{"a":"b', '{"a"', '{"a":1', '"b":2}', '{"a":"b,', '{"a":"b{']) {
    const { messages, problems } = await readText(`${cut}\n{"b":2}\n{"c":3}\n`);
    assert.deepEqual(messages, ['{"b":2}', '{"c":3}'], cut);
    assert.deepEqual(
      problems.map(({ payload, line }) => [payload, line]),
      [[cut, 1]],
    );
  }
});

test('recording: no line is JSON -> one error, however long the file', async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, n) => `${n},some text,2021`).join('\n');
  for (const text of [
    `\nid,text\n${rows(5)}`,
    `\nid,text\n${rows(5000)}`,
    `\n<html>\n${'<p>'.repeat(900_000)}\n`,
  ]) {
    const { messages, problems } = await read(chunksOf(text, [3, 9, 1000, 30_000]));
    assert.deepEqual(messages, []);
    assert.deepEqual(
      problems.map(({ key, line }) => [key, line]),
      [['replay-not-json', 2]],
    );
  }
});
