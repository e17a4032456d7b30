import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { healthStatus, liveStatus } from '../../nodes/kafka-out/status';
import { RecordCounters } from '../../src/kafka/delivery/counters';
import type { QueueStatus } from '../../src/kafka/delivery/queue/queue-commands';
import { isCatalogueKey, statusKey } from '../../src/node-red/catalogue';
import { connected, connecting, longestStatus } from '../../src/node-red/status';
import type { SentenceKey } from '../../src/util/english';
import { Problem } from '../../src/util/problem';
import { inWords } from './server-language';

type Shown = Parameters<typeof healthStatus>[1];

/** A node's context in one language. */
function contextIn(language: 'en-US' | 'ko'): Parameters<typeof healthStatus>[0] {
  const words = inWords(language);
  return {
    words: (key, params) => words(`kafka-out.${key}`, params),
    RED: { _: words } as unknown as NodeAPI,
  };
}

const languages = { 'en-US': contextIn('en-US'), ko: contextIn('ko') };

const none = new RecordCounters().counts;

function outbox(part: Partial<Shown> & { waiting?: number; queue?: Partial<QueueStatus> }): Shown {
  const { waiting = 0, queue, ...rest } = part;
  const idle = { onDisk: 0, onlyOnDisk: 0, draining: false, drainPerSecond: 0, foreign: 0, full: false };
  return {
    health: { state: 'connected' },
    paused: false,
    counters: { ...none, in: waiting, waiting },
    acknowledgedPerSecond: 0,
    brokersAway: [],
    queueStatus: queue && { ...idle, ...queue },
    ...rest,
  };
}

const failing = (key: SentenceKey): Shown['health'] => ({
  state: 'failing',
  problem: new Problem(key, { topic: 'tweets', place: 'kafka1:9092', code: 'X' }),
});
const away = (count: number): string[] => Array.from({ length: count }, (_, index) => `k${index}:9092`);

/** What an editor shows: the text of a key, any other text as it is. */
const inEditor = (language: 'en-US' | 'ko', text: string): string =>
  isCatalogueKey(text) ? inWords(language)(text.replace(/^.*:(?=kafka-out)/, '')) : text;

test('kafka-out status: each state -> its text, in both languages', () => {
  const table: Array<[Parameters<typeof outbox>[0], string, string]> = [
    [{ acknowledgedPerSecond: 1234 }, 'connected · 1.2k/s', '접속됨 · 초당 1.2k개'],
    [{ acknowledgedPerSecond: 0.6 }, 'connected · 1/s', '접속됨 · 초당 1개'],
    [{ paused: true }, 'paused', '일시 정지됨'],
    [{ paused: true, waiting: 12 }, 'paused · 12 pending', '일시 정지됨 · 12개 대기'],
    [
      { paused: true, waiting: 12, health: failing('leader-none') },
      'paused · 12 pending',
      '일시 정지됨 · 12개 대기',
    ],
    [
      { waiting: 41_000, brokersAway: away(3), health: failing('refused-connection') },
      '41k pending · 3 unreachable',
      '41k개 대기 · 브로커 3개 연결 불가',
    ],
    [
      { waiting: 7, brokersAway: away(1), health: failing('no-answer') },
      '7 pending · 1 unreachable',
      '7개 대기 · 브로커 1개 연결 불가',
    ],
    // No record is pending: only the cause.
    [{ brokersAway: away(1), health: failing('refused-connection') }, 'connection refused', '연결 거부됨'],
    [{ waiting: 8, health: failing('not-authorized') }, '8 pending · not authorized', '8개 대기 · 권한 없음'],
    // Both do not fit in English.
    [
      { waiting: 41_000, health: failing('replicas-too-few') },
      'not enough replicas',
      '41k개 대기 · 복제본 부족',
    ],
  ];
  for (const [state, inEnglish, inKorean] of table) {
    const texts = (['en-US', 'ko'] as const).map((language) =>
      inEditor(language, healthStatus(languages[language], outbox(state)).text ?? ''),
    );
    assert.deepEqual(texts, [inEnglish, inKorean]);
    for (const text of texts) assert.ok((text as string).length <= longestStatus, text);
  }
});

test('kafka-out status: disk queue -> its text, the most urgent first, in both languages', () => {
  const unreachable = { waiting: 12_345, brokersAway: away(3), health: failing('refused-connection') };
  const onDisk = { onDisk: 12_300 };
  const failed = new Problem('disk-failed');
  const unusable = new Problem('disk-format-newer');
  const table: Array<[Parameters<typeof outbox>[0], string, string, string]> = [
    [
      { ...unreachable, queue: onDisk },
      '12k on disk · 3 unreachable',
      '디스크에 12k개 · 브로커 3개 연결 불가',
      'red',
    ],
    [
      { ...unreachable, brokersAway: away(1), queue: onDisk },
      '12k on disk · 1 unreachable',
      '디스크에 12k개 · 브로커 1개 연결 불가',
      'red',
    ],
    // All of them are late: none was copied yet.
    [
      { ...unreachable, queue: {} },
      '12k pending · 3 unreachable',
      '12k개 대기 · 브로커 3개 연결 불가',
      'red',
    ],
    [
      { waiting: 12_345, health: failing('topic-missing'), queue: onDisk },
      '12k on disk · no topic tweets',
      '디스크에 12k개 · 토픽 tweets 없음',
      'red',
    ],
    [
      { ...unreachable, queue: { ...onDisk, full: true, failing: failed } },
      'disk full · 12k pending',
      '디스크 가득 참 · 12k개 대기',
      'red',
    ],
    [
      { waiting: 12_345, paused: true, queue: { full: true } },
      'disk full · 12k pending',
      '디스크 가득 참 · 12k개 대기',
      'red',
    ],
    [
      { waiting: 12_345, paused: true, queue: { ...onDisk, failing: failed } },
      'paused · 12k pending',
      '일시 정지됨 · 12k개 대기',
      'grey',
    ],
    [
      { ...unreachable, queue: { ...onDisk, failing: failed } },
      '12k pending · disk write failed',
      '12k개 대기 · 디스크 쓰기 실패',
      'red',
    ],
    [{ queue: { failing: failed } }, 'disk write failed', '디스크 쓰기 실패', 'red'],
    [
      { ...unreachable, queue: { unusable } },
      '12k pending · 3 unreachable',
      '12k개 대기 · 브로커 3개 연결 불가',
      'red',
    ],
    [
      { acknowledgedPerSecond: 9, queue: { unusable, foreign: 3 } },
      'disk queue too new',
      '큐 형식이 더 새로움',
      'red',
    ],
    [
      { acknowledgedPerSecond: 9, queue: { foreign: 12_345, draining: true } },
      '12k for another cluster',
      '다른 클러스터의 레코드 12k개',
      'yellow',
    ],
    [
      { acknowledgedPerSecond: 5100, queue: { ...onDisk, draining: true, drainPerSecond: 4123 } },
      'draining 12k · 4.1k/s',
      '밀린 12k개 전송 중 · 초당 4.1k개',
      'yellow',
    ],
    // Copies of records in flight.
    [
      { acknowledgedPerSecond: 1234, queue: { onDisk: 40 } },
      'connected · 1.2k/s',
      '접속됨 · 초당 1.2k개',
      'green',
    ],
  ];
  for (const [state, inEnglish, inKorean, fill] of table) {
    const statuses = (['en-US', 'ko'] as const).map((language) => ({
      language,
      ...healthStatus(languages[language], outbox(state)),
    }));
    assert.deepEqual(
      statuses.map(({ language, text = '' }) => inEditor(language, text)),
      [inEnglish, inKorean],
    );
    assert.deepEqual(
      statuses.map((status) => status.fill),
      [fill, fill],
    );
  }
});

test('kafka-out status: text without values -> a key, with values -> a text', () => {
  const text = (state: Parameters<typeof outbox>[0]): string =>
    healthStatus(languages['en-US'], outbox(state)).text ?? '';
  const key = (word: string): string =>
    `@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.${word}-short`;
  assert.equal(text({ paused: true }), statusKey('kafka-out.status.paused'));
  assert.equal(text({ health: failing('refused-connection') }), key('refused-connection'));
  // Number and cause do not fit.
  assert.equal(text({ waiting: 41_000, health: failing('replicas-too-few') }), key('replicas-too-few'));
  assert.equal(text({ waiting: 8, health: failing('not-authorized') }), '8 pending · not authorized');
  assert.equal(text({ health: failing('topic-missing') }), 'no topic tweets');
});

test('kafka-out status: each state -> its colour; connecting and connected in Node-RED’s words', () => {
  const context = languages['en-US'];
  assert.deepEqual(healthStatus(context, outbox({})), connected);
  assert.deepEqual(healthStatus(context, outbox({ acknowledgedPerSecond: 0.4 })), connected);
  assert.deepEqual(
    healthStatus(context, outbox({ health: { state: 'connecting' }, waiting: 3 })),
    connecting,
  );
  const looks = (state: Parameters<typeof outbox>[0]): unknown[] => {
    const { fill, shape } = healthStatus(context, outbox(state));
    return [fill, shape];
  };
  assert.deepEqual(looks({ acknowledgedPerSecond: 5 }), ['green', 'dot']);
  assert.deepEqual(looks({ paused: true, waiting: 5 }), ['grey', 'ring']);
  assert.deepEqual(looks({ health: failing('leader-none'), waiting: 5 }), ['red', 'ring']);
});

test('kafka-out status: rate above 0, drain -> changing', () => {
  const changing = (acknowledgedPerSecond: number, queue?: Partial<QueueStatus>): boolean =>
    liveStatus(languages.ko, outbox({ acknowledgedPerSecond, queue }))().changing;
  assert.deepEqual([changing(1000), changing(0.2), changing(0)], [true, true, false]);
  assert.deepEqual([changing(0, { draining: true }), changing(0, { onDisk: 5 })], [true, false]);
});

const queues = (count: number): Array<Parameters<typeof outbox>[0]> => [
  { queue: { full: true } },
  { queue: { onDisk: count } },
  { health: { state: 'connected' }, queue: { onDisk: count, draining: true, drainPerSecond: count } },
  { health: { state: 'connected' }, queue: { foreign: count } },
];

test('kafka-out status: any numbers -> at most 32 characters', () => {
  const health = failing('refused-connection');
  for (const context of Object.values(languages)) {
    for (const waiting of [1, 999, 999_949, 123_456_789]) {
      for (const brokers of [0, 1, 2, 99, 1000]) {
        for (const part of [{ paused: true }, {}, ...queues(waiting)]) {
          const shown = outbox({ waiting, brokersAway: away(brokers), health, ...part });
          const text = healthStatus(context, shown).text as string;
          if (isCatalogueKey(text)) continue;
          assert.ok(text.length > 0 && text.length <= longestStatus, text);
        }
      }
    }
  }
});
