import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { type CountStore, DailyLimit, type DayCount } from '../../../src/stream/filtered/daily-limit';
import { FilteredSource } from '../../../src/stream/filtered/filtered-source';
import type { SharedStream } from '../../../src/stream/filtered/shared-stream';
import type { Subscriber } from '../../../src/stream/filtered/subscription';
import type { SourceState, StreamEvent, StreamOutput } from '../../../src/stream/source';
import { StreamLine } from '../../../src/stream/stream-line';
import { until } from '../../until';
import { post } from '../x-server';

const day = Date.UTC(2026, 7, 22);
const subscriber = {
  node: 'n',
  mode: 'own' as const,
  rules: [],
  fields: { fields: 'all' as const },
  stallTimeoutMs: 1,
};

class Memory implements CountStore {
  constructor(public saved?: unknown) {}
  load = async (): Promise<unknown> => this.saved;
  save = (count: DayCount): void => {
    this.saved = count;
  };
}

/** A stream that sends the test's messages to its subscriber. */
class FakeStream {
  subscriber?: Subscriber;
  registered = 0;
  register = (subscriber: Subscriber): void => {
    this.registered++;
    this.subscriber = subscriber;
  };
  unregister = (): void => {
    this.subscriber = undefined;
  };
  send(text: string): void {
    this.subscriber?.output.onMessage(new StreamLine(Buffer.from(text)));
  }
}

const started: FilteredSource[] = [];
afterEach(() => Promise.all(started.splice(0).map((source) => source.stop())));

function setUp(limit: number, store = new Memory(), clock = () => day + 3600_000) {
  const stream = new FakeStream();
  const lines: unknown[] = [];
  const events: StreamEvent[] = [];
  const states: SourceState[] = [];
  const output: StreamOutput = {
    onMessage: (line) => lines.push(line.text),
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    onProblem: () => {},
    onWarning: () => {},
  };
  const source = new FilteredSource(
    stream as unknown as SharedStream,
    subscriber,
    output,
    new DailyLimit(limit, store, clock),
  );
  started.push(source);
  return { stream, lines, events, states, source, store };
}

test('daily limit: reached -> unregistered, also after a restart', async () => {
  const { stream, lines, events, states, source, store } = setUp(2);
  source.start();
  source.start();
  await until(() => stream.subscriber, 'registered');
  stream.send(post('1'));
  stream.send('{"errors":[{"title":"not a post"}]}');
  stream.send(post('2'));
  stream.send(post('3'));
  assert.equal(stream.registered, 1);
  assert.equal(lines.length, 3);
  assert.deepEqual(
    events.map(({ event, cause, lastId }) => [event, cause, lastId]),
    [['limit', 'daily limit', '2']],
  );
  const last = states.at(-1);
  assert.ok(last?.state === 'waiting' && last.problem.key === 'daily-limit');
  assert.equal(last.untilMs, day + 24 * 3600_000);
  await source.stop();

  const restarted = setUp(2, store);
  restarted.source.start();
  await until(() => restarted.states.at(-1)?.state === 'waiting', 'still at the limit');
  assert.equal(restarted.stream.registered, 0);
});

test('daily limit: 00:00 UTC -> registered again', async () => {
  const begin = performance.now();
  const clock = (): number => day - 60 + performance.now() - begin;
  const { stream, source, lines } = setUp(1, new Memory({ day: '2026-08-21', posts: 1 }), clock);
  source.start();
  await until(() => stream.subscriber, 'registered');
  assert.ok(clock() >= day);
  stream.send(post('1'));
  assert.equal(lines.length, 1);
  assert.equal(stream.subscriber, undefined);
});

test('daily limit: none -> nothing counted; invalid stored count -> ignored', async () => {
  const free = setUp(0);
  free.source.start();
  await until(() => free.stream.subscriber, 'registered');
  free.stream.send(post('1'));
  assert.equal(free.store.saved, undefined);
  const invalid = setUp(1, new Memory('nonsense'));
  invalid.source.start();
  await until(() => invalid.stream.subscriber, 'registered');
});

test('stop: before the count is loaded -> never registered', async () => {
  const { stream, source } = setUp(1);
  source.start();
  await source.stop();
  await new Promise(setImmediate);
  assert.equal(stream.registered, 0);
});

test('start: unreadable store -> failed; next start -> registered', async () => {
  const store = new Memory();
  const good = store.load;
  store.load = () => Promise.reject(new Error('disk gone'));
  const { stream, source, states } = setUp(1, store);
  source.start();
  await until(() => states.at(-1)?.state === 'failed', 'the failure');
  store.load = good;
  source.start();
  await until(() => stream.subscriber, 'registered');
});
