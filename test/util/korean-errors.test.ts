import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaJSConnectionError, KafkaJSProtocolError } from 'kafkajs';
import type { NodeAPI } from 'node-red';
import { AdminClient } from '../../src/kafka/admin/admin-client';
import { administer } from '../../src/kafka/admin/administrator';
import { usableCompression } from '../../src/kafka/compression';
import { parseBrokers } from '../../src/kafka/connection/broker-list';
import { type ErrorCode, errorTable } from '../../src/kafka/error-table';
import { describeError } from '../../src/kafka/errors';
import { KafkaProblem } from '../../src/kafka/kafka-problem';
import { unsavedCluster } from '../../src/kafka/probe/unsaved-cluster';
import { tokenSource } from '../../src/kafka/security/oauth-token';
import { readSecurity } from '../../src/kafka/security/settings';
import { topicName } from '../../src/kafka/topic-name';
import kafka from '../../src/locales/ko/kafka.json';
import node from '../../src/locales/ko/node.json';
import stream from '../../src/locales/ko/stream.json';
import tweet from '../../src/locales/ko/tweet.json';
import { sentence, shortSentence } from '../../src/node-red/sentences';
import { english, type SentenceKey } from '../../src/util/english';
import { Problem, type ProblemParams } from '../../src/util/problem';

const korean: Record<string, string | undefined> = { ...kafka, ...node, ...stream, ...tweet };

/** Node-RED with a Korean server: a missing key comes back as it is. */
const RED = {
  _: (key: string, params: Record<string, string>) =>
    korean[key.replace(/^.*:problems\./, '')]?.replace(
      /__(\w+?)__/g,
      (_, name: string) => `${params[name]}`,
    ) ?? key,
} as unknown as NodeAPI;

const keys = Object.keys(english).filter((key): key is SentenceKey => !key.endsWith('-short'));
/** A text of Kafka, X or the system, which a sentence quotes in the language it came in. */
const quoted = '«QUOTED»';

/** A Problem with all params of its sentence; its cause is `cause`. */
function filled(key: SentenceKey, cause: Problem | string): Problem {
  const names = [...english[key].matchAll(/__(\w+?)__/g)].map(([, name]) => name as string);
  const params: ProblemParams = Object.fromEntries(names.map((name) => [name, quoted]));
  return new Problem(key, names.includes('cause') ? { ...params, cause } : params);
}

function assertKorean(text: string): void {
  assert.doesNotMatch(text, /__\w+__|\[object/);
  assert.match(text, /\p{Script=Hangul}/u, text);
  const englishWords = /(?:\b[A-Za-z][a-z']* ){2,}[a-z]+/;
  assert.doesNotMatch(text, englishWords, `English in: ${text}`);
}

const nested = keys.filter((key) => english[key].includes('__cause__'));

test('each sentence in Korean -> no English, with a cause three levels deep', () => {
  assert.ok(nested.length > 10);
  for (const key of keys) {
    assertKorean(sentence(RED, filled(key, quoted)));
    const middle = filled('config-invalid', filled(key, quoted));
    for (const outer of nested) assertKorean(sentence(RED, filled(outer, middle)));
  }
});

test('each short sentence in Korean -> no English', () => {
  for (const key of keys) {
    const short = shortSentence(RED, filled(key, filled('topic-missing', quoted)));
    // Some are a name and a number in any language.
    if (/\p{Script=Hangul}/u.test(short)) assertKorean(short);
    else assert.doesNotMatch(short, /(?:[A-Za-z]+ ){2,}[a-z]+/);
  }
});

test('each row of the error table in Korean -> no English, alone and as a cause', () => {
  for (const code of Object.keys(errorTable) as ErrorCode[]) {
    const answer = new KafkaJSProtocolError({ type: code, code: 1, message: quoted } as never);
    const failure = new KafkaJSConnectionError(quoted, { code } as never);
    const own = new KafkaProblem(code, filled(errorTable[code].sentence, quoted).params);
    for (const thrown of [answer, failure, own]) {
      const problem = describeError(thrown, 'tweets');
      assertKorean(sentence(RED, problem));
      assertKorean(sentence(RED, filled('not-delivered-in-doubt', problem)));
    }
  }
  for (const number of [89, 555]) {
    const type = 'KAFKAJS_UNKNOWN_ERROR_CODE';
    const message = `Unknown error code ${number}`;
    const { key, params } = describeError(new KafkaJSProtocolError({ type, code: -99, message } as never));
    assertKorean(sentence(RED, new Problem(key, { ...params, cause: quoted })));
  }
  assertKorean(sentence(RED, describeError(new Error(quoted))));
});

const settings = {
  brokers: ['127.0.0.1:1'],
  clientId: 'test',
  connectionTimeout: 1000,
  requestTimeout: 1000,
};
const oauth = {
  sasl: 'oauthbearer',
  oauthTokenUrl: 'https://x',
  oauthClientId: 'me',
  oauthClientSecret: 's',
};
const variable = ['$', '{NOT_SET}'].join('');

test('each error of the settings in Korean -> no English', async () => {
  const wrong: Array<() => unknown> = [
    () => parseBrokers(''),
    () => parseBrokers('a:b:c'),
    () => parseBrokers(variable),
    () => topicName(''),
    () => topicName({}),
    () => topicName('a b'),
    () => usableCompression('zip'),
    () => readSecurity({ useTls: false, sasl: 'kerberos' }),
    () => readSecurity({ useTls: false, sasl: 'plain' }),
    () => readSecurity({ useTls: false, sasl: 'plain', username: 'a' }),
    () => readSecurity({ useTls: false, sasl: 'plain', username: variable }),
    () => readSecurity({ useTls: false, ...oauth, oauthTokenUrl: '' }),
    () => readSecurity({ useTls: false, ...oauth, oauthTokenUrl: 'x' }),
    () => readSecurity({ useTls: false, ...oauth, oauthTokenUrl: 'http://x' }),
    () => readSecurity({ useTls: false, ...oauth, oauthClientId: '' }),
    () => readSecurity({ useTls: false, ...oauth, oauthClientSecret: '' }),
    () => unsavedCluster({ brokers: variable }, undefined, () => undefined),
    () => unsavedCluster({ brokers: 'a', sasl: 'plain', password: '__PWRD__' }, undefined, () => ''),
    () => unsavedCluster({ brokers: 'a', sasl: 'plain', password: variable }, undefined, () => ''),
  ];
  for (const [index, use] of wrong.entries()) {
    const problem = await problemOf(async () => use());
    assertKorean(sentence(RED, new Problem('config-invalid', { what: 'kafka-cluster' }, { cause: problem })));
    assert.ok(problem instanceof Problem, String(index));
  }
});

test('each error of an operation in Korean -> no English', async () => {
  const client = new AdminClient(settings, () => {});
  const request = { operation: 'topics.ensure', target: 'tweets', options: {}, confirm: false };
  const run = (more: object, timeoutMs = 20) =>
    problemOf(() => administer(client, { ...request, ...more }, timeoutMs, new AbortController().signal));
  const wrong = [
    { operation: '' },
    { operation: 'topics.explode' },
    { target: '' },
    { target: 5 },
    { options: 'x' },
    { options: { partitions: 0.5 } },
    { options: { configs: [] } },
  ];
  const problems = [
    ...(await Promise.all(wrong.map((more) => run(more)))),
    await run({}),
    await run({}, 1500),
    await problemOf(() =>
      tokenSource({ url: 'http://127.0.0.1:1', clientId: 'a', clientSecret: 'b' }).token(),
    ),
  ];
  await client.close();
  problems.push(await run({}));
  for (const problem of problems)
    assertKorean(sentence(RED, problem).replace('connect ECONNREFUSED', quoted));
});

async function problemOf(work: () => Promise<unknown>): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return error;
  }
  return assert.fail('no error');
}
