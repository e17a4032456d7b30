import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBrokers } from '../../../src/kafka/connection/broker-list';
import { topicName } from '../../../src/kafka/topic-name';
import { Problem } from '../../../src/util/problem';

const valid: Array<[string, string[]]> = [
  ['localhost:9092', ['localhost:9092']],
  ['kafka1, kafka2:9093', ['kafka1:9092', 'kafka2:9093']],
  [
    'PLAINTEXT://10.0.0.1:9092;SSL://broker-2.example.com:9094/',
    ['10.0.0.1:9092', 'broker-2.example.com:9094'],
  ],
  [' a:1\n b:2\tb:2 ', ['a:1', 'b:2']],
];

test('parseBrokers: a pasted list -> host:port of each', () => {
  for (const [text, brokers] of valid) assert.deepEqual(parseBrokers(text), brokers, text);
});

test('parseBrokers: an invalid entry -> an error that names it', () => {
  assert.throws(() => parseBrokers(' , '), { key: 'brokers-empty' });
  assert.throws(() => parseBrokers(`$${'{KAFKA_BROKERS}'}`), { key: 'env-unset' });
  for (const entry of ['kafka1:0', 'kafka1:70000', 'kafka1:port', '://x', '$KAFKA_BROKERS', 'a:1:2']) {
    assert.throws(
      () => parseBrokers(`good:9092,${entry}`),
      (error) => error instanceof Problem && error.key === 'broker-invalid' && error.message.includes(entry),
      entry,
    );
  }
});

test('topicName: the rules of the broker', () => {
  for (const name of ['tweets', 'a.b_c-1', 'x'.repeat(249)]) assert.equal(topicName(name), name);
  for (const name of ['.', '..', 'a b', 'é', 'x'.repeat(250), 'a/b']) {
    assert.throws(() => topicName(name), { key: 'topic-invalid' }, name);
  }
  for (const nothing of [undefined, null, '']) assert.throws(() => topicName(nothing), { key: 'topic-none' });
  assert.throws(() => topicName({}), { key: 'topic-no-text' });
});
