import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ErrorSource } from '../../src/kafka/errors';
import { OutageLog, type TopicState } from '../../src/kafka/outage-log';
import { Problem } from '../../src/util/problem';

const minute = 60;
const refused = new Problem('refused-connection', { place: 'kafka1:9092' });
const rejected = new Problem('sasl-refused', { user: 'alice' });
const missing = new Problem('topic-missing', { topic: 'tweets' });
const problems: Record<ErrorSource, Problem> = { connection: refused, login: rejected, answer: missing };

/** A log that is checked every second, and its lines. */
function started() {
  let seconds = 1000;
  const lines: Problem[] = [];
  const log = new OutageLog(
    'kafka1:9092, kafka2:9092',
    { warn: (problem) => lines.push(problem), over: (problem) => lines.push(problem) },
    () => seconds * 1000,
  );
  const fine = (topic = 'tweets'): TopicState => ({ topic, healthy: true, waiting: () => 0 });
  return {
    lines,
    keys: () => lines.map(({ key }) => key),
    fine,
    /** A topic that fails from now on, by default with pending records. */
    failure(source: ErrorSource = 'connection', waiting = 5, topic = 'tweets', healthy = false): TopicState {
      const since = seconds * 1000;
      return {
        topic,
        healthy,
        failure: { since, source, problem: problems[source] },
        waiting: () => waiting,
      };
    },
    pass(time: number, ...states: TopicState[]): void {
      for (let second = 0; second < time; second++) {
        seconds++;
        log.check(states);
      }
    },
    sleep(time: number): void {
      seconds += time;
    },
  };
}

test('outage log: 20 s without an answer -> a warning within 10 s, one line at the end', () => {
  const log = started();
  log.pass(10, log.fine());
  const outage = log.failure();
  log.pass(6, outage);
  assert.deepEqual(log.lines, []);
  log.pass(3, outage);
  assert.deepEqual(log.keys(), ['outage-connection']);
  log.pass(11, { ...outage, waiting: () => 7 });
  log.pass(100, log.fine());
  assert.deepEqual(
    log.lines.map(({ message }) => message),
    [
      `Kafka at kafka1:9092, kafka2:9092 is unreachable or has not answered for 7 s (records waiting: 5): ${refused.message}`,
      'Kafka at kafka1:9092, kafka2:9092 is back after 21 s (records that waited: 7).',
    ],
  );
});

test('outage log: an outage that lasts -> a warning every ten minutes, with times that grow', () => {
  const log = started();
  log.pass(31 * minute, log.failure());
  log.pass(2, log.fine());
  assert.deepEqual(
    log.lines.map(({ params }) => String((params.duration as Problem).message)),
    ['7 s', '10 min', '20 min', '30 min', '31 min'],
  );
  log.pass(3 * 60 * minute, log.failure());
  log.pass(2, log.fine());
  assert.match(log.lines.at(-1)?.message ?? '', /is back after 3 h 0 min/);
});

test('outage log: an election of 3 s, records that wait for moments -> no line', () => {
  const log = started();
  for (let turn = 0; turn < 50; turn++) {
    log.pass(3, log.failure());
    log.pass(1, log.fine());
    log.pass(1, log.failure('connection', 100, 'tweets', true));
  }
  assert.deepEqual(log.lines, []);
});

test('outage log: several topics and nodes -> one warning with all records; over when the last is back', () => {
  const log = started();
  const [one, two, three] = [
    log.failure(),
    log.failure('connection', 6),
    log.failure('connection', 7, 'other'),
  ];
  log.pass(8, one, two, three);
  log.pass(60, one, log.fine(), three);
  assert.deepEqual(log.keys(), ['outage-connection']);
  assert.equal(log.lines[0]?.params.waiting, 18);
  log.pass(1, log.fine(), log.fine(), log.fine('other'));
  assert.deepEqual(log.keys(), ['outage-connection', 'outage-over']);
  assert.equal(log.lines[1]?.params.most, 18);
});

test('outage log: unreachable, then the login rejected -> a warning for each, one end', () => {
  const log = started();
  log.pass(2 * minute, log.failure());
  const login = log.failure('login');
  log.pass(10, login);
  log.pass(2 * minute, log.failure());
  log.pass(10, log.fine());
  assert.deepEqual(log.keys(), ['outage-connection', 'outage-login', 'outage-over']);
});

test('outage log: records expired, the topic reconnects -> not over until it is connected', () => {
  const log = started();
  log.pass(20, log.failure());
  log.pass(10, { topic: 'tweets', healthy: false, waiting: () => 0 });
  log.pass(3, log.failure());
  assert.deepEqual(log.keys(), ['outage-connection']);
  log.pass(1, log.fine());
  assert.deepEqual(log.keys(), ['outage-connection', 'outage-over']);
});

test('outage log: Kafka answers but does not accept the records -> a warning that names the topics', () => {
  const log = started();
  const a = log.failure('answer', 2, 'a');
  log.pass(10, a, log.fine('b'));
  const b = log.failure('answer', 3, 'b');
  log.pass(2 * minute, a, b);
  log.pass(5, log.fine('a'), log.fine('b'));
  assert.deepEqual(log.keys(), ['outage-topics', 'outage-topics', 'outage-topics-over']);
  assert.deepEqual(
    log.lines.map(({ params }) => params.topics),
    ['“a”', '“a”, “b”', '“a”, “b”'],
  );
});

test('outage log: an answer ends an outage of the cluster, not one of the topics', () => {
  const log = started();
  log.pass(10, log.failure());
  log.pass(10, log.failure('answer'));
  assert.deepEqual(log.keys(), ['outage-connection', 'outage-over', 'outage-topics']);
});

test('outage log: failed connections and answers take turns -> one warning for each, one end', () => {
  const log = started();
  const [unreachable, answered] = [log.failure(), log.failure('answer')];
  for (let turn = 0; turn < 20; turn++) {
    log.pass(2, unreachable);
    log.pass(2, answered);
  }
  log.pass(1, log.fine());
  assert.deepEqual(log.keys().sort(), [
    'outage-connection',
    'outage-over',
    'outage-topics',
    'outage-topics-over',
  ]);
});

test('outage log: all topics closed -> no line, neither then nor later', () => {
  const log = started();
  log.pass(10, log.failure(), log.failure('answer', 1, 'other'));
  assert.equal(log.lines.length, 2);
  log.pass(1);
  log.pass(10, log.fine());
  assert.equal(log.lines.length, 2);
});

test('outage log: a check that comes late -> does not count; the next one does', () => {
  const log = started();
  log.pass(1, log.fine());
  const outage = log.failure();
  log.sleep(30);
  log.pass(1, outage);
  assert.deepEqual(log.lines, []);
  log.pass(1, outage);
  assert.deepEqual(log.keys(), ['outage-connection']);
});

test('outage log: short outages again and again -> three, then only long ones', () => {
  const log = started();
  for (let turn = 0; turn < 10; turn++) {
    log.pass(10, log.failure());
    log.pass(3, log.fine());
  }
  assert.equal(log.lines.length, 6);
  log.pass(61, log.failure());
  assert.equal(log.lines.length, 7);
});

test('outage log: any course of events -> ends follow warnings, few lines', () => {
  const step = fc.record({
    seconds: fc.integer({ min: 1, max: 30 }),
    states: fc.array(fc.constantFrom('fine', 'connecting', 'connection', 'login', 'answer'), {
      maxLength: 4,
    }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const log = started();
      let total = 0;
      for (const { seconds, states } of steps) {
        total += seconds;
        const topics = states.map((state, index) => {
          const topic = `t${index % 2}`;
          if (state === 'fine') return log.fine(topic);
          if (state === 'connecting') return { topic, healthy: false, waiting: () => 0 };
          return log.failure(state as ErrorSource, index, topic);
        });
        log.pass(seconds, ...topics);
      }
      const count = (key: string): number => log.lines.filter((line) => line.key === key).length;
      assert.ok(count('outage-over') <= count('outage-connection') + count('outage-login'));
      assert.ok(count('outage-topics-over') <= count('outage-topics'));
      assert.ok(log.lines.length <= 2 + 2 * Math.ceil(total / 7));
      assert.match(log.lines[0]?.key ?? 'outage-', /^outage-(connection|login|topics|)$/);
    }),
  );
});
