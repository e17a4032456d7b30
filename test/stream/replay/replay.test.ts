import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Replay, type ReplayOptions } from '../../../src/stream/replay/replay';
import type { SourceState, StreamEvent } from '../../../src/stream/source';
import { until } from '../../until';
import { layoutNames, recordedAs } from './layouts';

let folder: string;
let lines: string[];
let events: StreamEvent[];
let states: SourceState[];
let problems: [string, string | undefined][];
let replay: Replay;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  lines = [];
  events = [];
  states = [];
  problems = [];
});

afterEach(async () => {
  await replay.stop();
  await rm(folder, { recursive: true });
});

function start(file: string, options: Partial<ReplayOptions> = {}): void {
  replay = new Replay(
    {
      file: async () => file,
      pace: 'max',
      rate: 0,
      repeat: false,
      timeOf: () => undefined,
      held: () => false,
      ...options,
    },
    {
      onMessage: (line) => lines.push(String(line.text)),
      onEvent: (event) => events.push(event),
      onState: (state) => states.push(state),
      onProblem: (problem, payload) => problems.push([problem.key, payload?.toString()]),
      onWarning: () => {},
    },
  );
  replay.start();
}

async function save(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const over = () => ['ended', 'failed'].includes(states.at(-1)?.state ?? '');
const failure = () => {
  const last = states.at(-1);
  return last?.state === 'failed' ? last.problem.key : undefined;
};
const many = (count: number) => Array.from({ length: count }, (_, n) => `{"n":${n},"text":"é 😀"}`);

async function openFiles(path: string): Promise<number> {
  const { readlink } = await import('node:fs/promises');
  const names = await readdir('/proc/self/fd');
  const links = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return links.filter((link) => link === path).length;
}

test('replay: plain file -> each line once, then the event end', async () => {
  const all = many(5000);
  const path = await save('a.jsonl', `\ufeff${all.join('\r\n')}\n\n`);
  start(path);
  await until(over, 'the end');
  assert.deepEqual(lines, all);
  assert.deepEqual(
    events.map(({ event }) => event),
    ['end'],
  );
  assert.ok((events[0]?.from ?? 0) <= (events[0]?.to ?? 0));
  if (process.platform === 'linux') assert.equal(await openFiles(path), 0);
});

test('replay: gzip of two members, no suffix, no last line end -> all lines', async () => {
  const all = many(20_000);
  const half = all.slice(0, 10_000).join('\n');
  const rest = `\n${all.slice(10_000).join('\n')}`;
  start(await save('no-suffix', Buffer.concat([gzipSync(half), gzipSync(rest)])));
  await until(over, 'the end');
  assert.equal(lines.length, all.length);
  assert.deepEqual(lines, all);
});

test('replay: truncated gzip file -> all complete lines, then replay-gzip-cut', async () => {
  const all = many(20_000);
  const path = await save('a.jsonl.gz', gzipSync(all.join('\n')));
  const whole = gzipSync(all.join('\n')).length;
  await truncate(path, Math.floor(whole / 2));
  start(path);
  await until(over, 'the end');
  assert.equal(failure(), 'replay-gzip-cut');
  assert.ok(lines.length > 5000);
  assert.deepEqual(lines, all.slice(0, lines.length));
  assert.deepEqual(problems, []);
  const last = states.at(-1);
  assert.ok(last?.state === 'failed');
  assert.equal(last.problem.params.line, lines.length + 1);
  assert.ok(all[lines.length]?.startsWith(String(last.payload ?? '')));
  assert.deepEqual(events, []);
});

test('replay: any layout, with byte order mark, gzip, or both; twice -> all messages, then the end', async () => {
  const objects = Array.from({ length: 3000 }, (_, n) => ({ n, text: 'é 😀 "[{' }));
  for (const name of layoutNames) {
    const { text, messages } = recordedAs(name, objects);
    const expected = messages.map((one) => one.text);
    for (const content of [text, `\ufeff${text}`, gzipSync(`\ufeff${text}`)]) {
      lines = [];
      states = [];
      start(await save(typeof content === 'string' ? 'a.js' : 'a.js.gz', content));
      await until(over, 'the end');
      assert.equal(failure(), undefined, name);
      assert.deepEqual(lines, expected, name);
    }
  }
  assert.deepEqual(problems, []);
});

test('replay: truncated gzip file in any layout -> whole messages once, one error with file and line', async () => {
  const objects = many(20_000).map((line) => JSON.parse(line));
  for (const name of layoutNames) {
    const { text, messages } = recordedAs(name, objects);
    const packed = gzipSync(text);
    const path = await save('cut.gz', packed.subarray(0, packed.length / 2));
    lines = [];
    states = [];
    start(path);
    await until(over, 'the end');
    assert.ok(lines.length > 5000, name);
    assert.deepEqual(
      lines,
      messages.slice(0, lines.length).map((one) => one.text),
    );
    const last = states.at(-1);
    assert.ok(last?.state === 'failed' && last.problem.message.includes(path), name);
    const begun = messages[lines.length];
    const line = text.slice(0, begun?.from).split('\n').length;
    const lineBefore = text.slice(0, messages[lines.length - 1]?.to).split('\n').length;
    assert.ok([line, lineBefore].includes(Number(last.problem.params.line)), name);
  }
  assert.deepEqual(problems, []);
});

test('replay: array, backpressure and repeat -> pauses, continues, begins again', async () => {
  let holder: string | false = 'kafka-out';
  const { text, messages } = recordedAs(
    'indented array',
    many(100).map((line) => JSON.parse(line)),
  );
  start(await save('a.json', text), { repeat: true, held: () => lines.length === 50 && holder });
  await until(() => states.some((state) => state.state === 'replaying' && state.heldBy), 'the pause');
  assert.equal(lines.length, 50);
  holder = false;
  await until(() => lines.length > 250, 'three rounds');
  await replay.stop();
  const round = messages.map((one) => one.text);
  assert.deepEqual(lines.slice(0, 200), [...round, ...round]);
});

test('replay: damaged gzip data -> the lines before it, then replay-gzip-damaged', async () => {
  const packed = gzipSync(many(20_000).join('\n'));
  packed.fill(0xaa, packed.length / 2, packed.length / 2 + 500);
  start(await save('a.gz', packed));
  await until(over, 'the end');
  assert.equal(failure(), 'replay-gzip-damaged');
  assert.ok(lines.length > 100);
});

test('replay: unusable file -> failed with its path', async () => {
  const cases: [string, string][] = [
    [join(folder, 'missing.jsonl'), 'replay-missing'],
    [folder, 'replay-no-file'],
    [await save('empty', ''), 'replay-empty'],
    [await save('blank', '\n\r\n\n'), 'replay-empty'],
    [await save('empty.gz', gzipSync('')), 'replay-empty'],
    [await save('text.gz', 'this is not gzip'), 'replay-not-json-lines'],
    [await save('archive', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1, 2])), 'replay-not-json-lines'],
    [await save('array', '[ ]'), 'replay-empty'],
    [await save('cut', '[\n'), 'replay-cut'],
    [await save('rows.csv', 'id,text\n1,x\n'), 'replay-not-json'],
    [await save('head.gz', gzipSync('{}').subarray(0, 5)), 'replay-gzip-cut'],
  ];
  const closed = await save('closed', '{}');
  await chmod(closed, 0);
  if (process.getuid?.() !== 0) cases.push([closed, 'replay-forbidden']);
  for (const [path, key] of cases) {
    states = [];
    start(path, { repeat: true });
    await until(over, `the end of ${path}`);
    assert.equal(failure(), key);
    const last = states.at(-1);
    assert.ok(last?.state === 'failed' && last.problem.message.includes(path));
  }
  assert.deepEqual(lines, []);
});

test('replay: line over the limit -> a problem, then the next lines', async () => {
  start(await save('long', `{"a":1}\n${'y'.repeat(3000)}\n{"b":2}`), { maxLineBytes: 2000 });
  await until(over, 'the end');
  assert.deepEqual(lines, ['{"a":1}', '{"b":2}']);
  assert.deepEqual(problems, [['replay-too-long', 'y'.repeat(120)]]);
});

test('replay: backpressure -> pauses and names the node; released -> continues', async () => {
  let holder: string | false = false;
  let released = false;
  start(await save('a', many(1000).join('\n')), {
    held: () => {
      if (lines.length === 100 && !released) holder = 'kafka-out';
      return holder;
    },
  });
  await until(
    () => states.some((state) => state.state === 'replaying' && state.heldBy === 'kafka-out'),
    'the pause',
  );
  assert.equal(lines.length, 100);
  released = true;
  holder = false;
  await until(over, 'the end');
  assert.equal(lines.length, 1000);
});

test('replay: pace max -> the event loop gets its turns', async () => {
  let turns = 0;
  const count = (): void => {
    turns++;
    if (!over()) setImmediate(count);
  };
  start(await save('a', many(10_000).join('\n')));
  count();
  await until(over, 'the end');
  assert.ok(turns > 300, `${turns} turns`);
});

test('replay: pace rate -> all lines', async () => {
  start(await save('a', many(3000).join('\n')), { pace: 'rate', rate: 10_000 });
  await until(over, 'the end');
  assert.deepEqual(lines, many(3000));
});

test('replay: pace recorded, a message without a time -> all lines', async () => {
  start(await save('a', ['1000', '1100', '"x"', '1200'].join('\n')), {
    pace: 'recorded',
    timeOf: (line) => {
      if (typeof line.value !== 'number') throw new Error('no time');
      return line.value;
    },
  });
  await until(over, 'the end');
  assert.equal(lines.length, 4);
});

test('replay: repeat -> until stopped, also during a wait; can start again', async () => {
  const path = await save('a', many(3).join('\n'));
  start(path, { repeat: true });
  await until(() => lines.length > 30, 'ten rounds');
  await replay.stop();
  const count = lines.length;
  await new Promise(setImmediate);
  assert.equal(lines.length, count);
  if (process.platform === 'linux') assert.equal(await openFiles(path), 0);

  lines = [];
  start(path, { pace: 'rate', rate: 0.001 });
  await until(() => lines.length === 1, 'the first line');
  await replay.stop();
  replay.start();
  await until(() => lines.length === 2, 'the first line again');
  assert.deepEqual(events, []);
});
