import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { AdvertisedProblem } from '../../src/kafka/advertised-problem';
import { BrokerHealth } from '../../src/kafka/connection/broker-health';
import { classifyError, describeError, noteAdvertiser } from '../../src/kafka/errors';
import { Problem } from '../../src/util/problem';

const seed = 'localhost:9092';
const place = 'kafka-container:9092';
const health = new BrokerHealth();
health.connected(seed);

// The constructors' types are narrower than what kafkajs itself passes to them.
const failed = (code: string): Error =>
  new KafkaJSConnectionError(`Connection error: ${code}`, { broker: place, code } as never);
const retriesExceeded = (cause: Error): Error =>
  new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 1, retryTime: 1 } as never);

test('noteAdvertiser: no connect to an advertised address -> described with both addresses, same row', () => {
  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']) {
    const thrown = retriesExceeded(failed(code));
    noteAdvertiser(thrown, [seed], health);
    const { problem, ...row } = classifyError(thrown, 'tweets');
    assert.ok(problem instanceof AdvertisedProblem);
    assert.deepEqual([problem.key, problem.params], ['advertised-itself', { seed, place, code }]);
    const { problem: _, ...usual } = classifyError(failed(code), 'tweets');
    assert.deepEqual(row, usual);
  }
});

test('noteAdvertiser: several configured brokers -> the address is that of a broker of the cluster', () => {
  const thrown = failed('ENOTFOUND');
  noteAdvertiser(thrown, ['down:9092', seed], health);
  const { message } = describeError(thrown);
  assert.ok(message.startsWith(`${seed} answers, but names ${place} as a broker of the cluster`), message);
});

test('noteAdvertiser: any other error, or a configured address -> described as before', () => {
  const answer = { type: 'NOT_LEADER_FOR_PARTITION', code: 6, message: 'x', retriable: true };
  const others = [
    new KafkaJSProtocolError(answer as never),
    failed('ECONNRESET'),
    failed('EPROTO'),
    new Problem('closing'),
    undefined,
    'text',
  ];
  for (const thrown of others) {
    const { message } = describeError(thrown);
    noteAdvertiser(thrown, [seed], health);
    assert.equal(describeError(thrown).message, message);
  }
  const refused = failed('ECONNREFUSED');
  noteAdvertiser(refused, [seed, place], health);
  assert.equal(describeError(refused).key, 'refused-connection');
});
