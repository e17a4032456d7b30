import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
} from 'kafkajs';
import { classifyError, describeError } from '../../src/kafka/errors';
import { Problem } from '../../src/util/problem';

type Raw = { type: string; code: number; message: string; retriable: boolean };
const answered = (type: string, message = type, code = 1): Error =>
  new KafkaJSProtocolError({ type, code, message, retriable: true } as Raw as never);
const wrapped = (cause: Error): Error =>
  new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 1, retryTime: 1 } as never);
const refused = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED 127.0.0.1:1', {
  broker: '127.0.0.1:1',
  code: 'ECONNREFUSED',
} as never);
const timedOut = new KafkaJSRequestTimeoutError('Request Produce timed out', {} as never);

test('the table: what is tried again, what is refused, when a client is replaced', () => {
  const table: Array<[unknown, string, string, string, boolean]> = [
    [wrapped(refused), 'ECONNREFUSED', 'retry', 'many', true],
    [
      Object.assign(new KafkaJSNonRetriableError('x'), { cause: refused }),
      'ECONNREFUSED',
      'retry',
      'many',
      true,
    ],
    [wrapped(timedOut), 'KafkaJSRequestTimeoutError', 'retry', 'now', true],
    [new Problem('attempt-timeout', {}), 'attempt-timeout', 'retry', 'now', true],
    [new Problem('no-acknowledgement', {}), 'NO_ACKNOWLEDGEMENT', 'retry', 'second', false],
    [answered('UNKNOWN_TOPIC_OR_PARTITION'), 'UNKNOWN_TOPIC_OR_PARTITION', 'retry', 'second', false],
    [answered('OUT_OF_ORDER_SEQUENCE_NUMBER'), 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'retry', 'second', false],
    [answered('NOT_ENOUGH_REPLICAS'), 'NOT_ENOUGH_REPLICAS', 'retry', 'many', false],
    [answered('NOT_ENOUGH_REPLICAS_AFTER_APPEND'), 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retry', 'many', true],
    [answered('REQUEST_TIMED_OUT'), 'REQUEST_TIMED_OUT', 'retry', 'many', true],
    [wrapped(answered('MESSAGE_TOO_LARGE')), 'MESSAGE_TOO_LARGE', 'reject-record', 'many', false],
    [answered('INVALID_RECORD'), 'INVALID_RECORD', 'reject-record', 'many', false],
    [answered('TOPIC_AUTHORIZATION_FAILED'), 'TOPIC_AUTHORIZATION_FAILED', 'reject-all', 'many', false],
    [answered('INVALID_TOPIC_EXCEPTION'), 'INVALID_TOPIC_EXCEPTION', 'reject-all', 'many', false],
    [
      answered('KAFKAJS_UNKNOWN_ERROR_CODE', 'Unknown error code 89', -99),
      'THROTTLING_QUOTA_EXCEEDED',
      'retry',
      'many',
      false,
    ],
    [
      answered('KAFKAJS_UNKNOWN_ERROR_CODE', 'Unknown error code 555', -99),
      'error code 555',
      'retry',
      'many',
      false,
    ],
    ['not even an error', 'Error', 'retry', 'many', true],
  ];
  for (const [thrown, code, action, replace, outcomeUnknown] of table) {
    const verdict = classifyError(thrown, 'tweets');
    assert.deepEqual(
      [verdict.code, verdict.action, verdict.replace, verdict.outcomeUnknown],
      [code, action, replace, outcomeUnknown],
      code,
    );
    assert.ok(verdict.problem instanceof Problem);
    assert.doesNotMatch(verdict.problem.message, /KafkaJS(Number|NonRetriable)|undefined/, code);
  }
});

test('a sentence names the place', () => {
  assert.match(describeError(refused).message, /127\.0\.0\.1:1/);
  assert.match(
    classifyError(answered('UNKNOWN_TOPIC_OR_PARTITION'), 'tweets').problem.message,
    /“tweets”.*create topic/,
  );
});
