import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSRequestTimeoutError,
} from 'kafkajs';
import type { ErrorCode } from '../../src/kafka/error-table';
import { classifyError, describeError, isAnswer, isPermanent } from '../../src/kafka/errors';
import { KafkaProblem } from '../../src/kafka/kafka-problem';
import { Problem } from '../../src/util/problem';

const place = 'kafka1:9092';

// The constructors' types are narrower than what kafkajs itself passes to them.
const answer = (type: string, message = type, code = 1): Error =>
  new KafkaJSProtocolError({ type, code, message, retriable: true } as never);
const socketError = (code: string | undefined, message = `failed ${code}`): Error =>
  new KafkaJSConnectionError(`Connection error: ${message}`, { broker: place, code } as never);
const retriesExceeded = (cause: Error): Error =>
  new KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 1, retryTime: 1 } as never);
const nonRetriable = (cause: Error): Error => Object.assign(new KafkaJSNonRetriableError('x'), { cause });
const timedOut = new KafkaJSRequestTimeoutError('Request Produce timed out', { broker: place } as never);

const closed = Object.assign(new Error('Closed connection'), {
  name: 'KafkaJSConnectionClosedError',
  broker: place,
});
const lockTimeout = Object.assign(new Error('Timeout'), { name: 'KafkaJSLockTimeout' });

type Row = [code: string, action: string, replace: string, outcomeUnknown: boolean, key: string];

function rowOf(thrown: unknown): Row {
  const { code, action, replace, outcomeUnknown, problem } = classifyError(thrown, 'tweets');
  assert.doesNotMatch(problem.message, /KafkaJS(Number|NonRetriable)|undefined|Connection error/, code);
  return [code, action, replace, outcomeUnknown, problem.key];
}

test('classifyError: an answer of a broker -> its row', () => {
  const rows: Row[] = [
    ['CLUSTER_AUTHORIZATION_FAILED', 'reject-all', 'many', false, 'not-authorized'],
    ['DUPLICATE_SEQUENCE_NUMBER', 'retry', 'many', false, 'broker-answered'],
    ['INVALID_PRODUCER_EPOCH', 'retry', 'second', false, 'broker-answered'],
    ['INVALID_RECORD', 'reject-record', 'many', false, 'record-invalid'],
    ['INVALID_REQUIRED_ACKS', 'reject-all', 'many', false, 'broker-answered'],
    ['INVALID_TIMESTAMP', 'reject-record', 'many', false, 'record-timestamp-refused'],
    ['INVALID_TOPIC_EXCEPTION', 'reject-all', 'many', false, 'topic-refused'],
    ['KAFKA_STORAGE_ERROR', 'retry', 'many', false, 'broker-answered'],
    ['LEADER_NOT_AVAILABLE', 'retry', 'many', false, 'leader-none'],
    ['MESSAGE_TOO_LARGE', 'reject-record', 'many', false, 'record-too-large'],
    ['NETWORK_EXCEPTION', 'retry', 'many', true, 'broker-answered'],
    ['NOT_ENOUGH_REPLICAS', 'retry', 'many', false, 'replicas-too-few'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'retry', 'many', true, 'replicas-too-few'],
    ['NOT_LEADER_FOR_PARTITION', 'retry', 'many', false, 'leader-moved'],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'retry', 'second', false, 'broker-answered'],
    ['POLICY_VIOLATION', 'reject-all', 'many', false, 'broker-answered'],
    ['RECORD_LIST_TOO_LARGE', 'reject-record', 'many', false, 'record-too-large'],
    ['REQUEST_TIMED_OUT', 'retry', 'many', true, 'no-answer'],
    ['TOPIC_ALREADY_EXISTS', 'retry', 'many', false, 'topic-exists'],
    ['TOPIC_AUTHORIZATION_FAILED', 'reject-all', 'many', false, 'not-authorized'],
    ['UNKNOWN', 'retry', 'many', false, 'broker-answered'],
    ['UNKNOWN_PRODUCER_ID', 'retry', 'second', false, 'broker-answered'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'retry', 'second', false, 'topic-missing'],
    ['UNSUPPORTED_COMPRESSION_TYPE', 'reject-all', 'many', false, 'broker-answered'],
    ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'reject-record', 'many', false, 'broker-answered'],
    ['UNSUPPORTED_VERSION', 'reject-all', 'many', false, 'broker-answered'],
  ];
  for (const row of rows) {
    assert.deepEqual(rowOf(answer(row[0])), row);
    assert.deepEqual(rowOf(retriesExceeded(answer(row[0]))), row, 'in a wrapper of kafkajs');
  }
});

test('classifyError: a code that kafkajs does not have -> its name, or its number', () => {
  const rows: Array<[number, ...Row]> = [
    [89, 'THROTTLING_QUOTA_EXCEEDED', 'retry', 'many', false, 'broker-answered'],
    [90, 'PRODUCER_FENCED', 'retry', 'second', false, 'broker-answered'],
    [91, 'RESOURCE_NOT_FOUND', 'retry', 'many', false, 'broker-answered'],
    [100, 'UNKNOWN_TOPIC_ID', 'retry', 'second', false, 'broker-answered'],
    [103, 'INCONSISTENT_TOPIC_ID', 'retry', 'many', false, 'broker-answered'],
    [120, 'TRANSACTION_ABORTABLE', 'retry', 'many', false, 'broker-answered'],
    [555, 'ERROR_CODE_555', 'retry', 'many', false, 'broker-answered'],
  ];
  for (const [number, ...row] of rows) {
    const unknown = answer('KAFKAJS_UNKNOWN_ERROR_CODE', `Unknown error code ${number}`, -99);
    assert.deepEqual(rowOf(unknown), row);
  }
});

test('classifyError: no answer -> its row; the outcome is unknown', () => {
  const sockets: Array<[code: string, key: string]> = [
    ['CERT_HAS_EXPIRED', 'tls-expired'],
    ['CERT_NOT_YET_VALID', 'tls-expired'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-ca-unknown'],
    ['EADDRNOTAVAIL', 'connection-timeout'],
    ['EAFNOSUPPORT', 'connection-timeout'],
    ['EAI_AGAIN', 'host-unknown'],
    ['ECONNREFUSED', 'refused-connection'],
    ['ECONNRESET', 'connection-reset'],
    ['EHOSTUNREACH', 'connection-timeout'],
    ['ENETUNREACH', 'connection-timeout'],
    ['ENOTFOUND', 'host-unknown'],
    ['EPIPE', 'connection-reset'],
    ['EPROTO', 'tls-not-spoken'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'tls-not-spoken'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls-client-certificate'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls-client-certificate'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls-failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls-not-spoken'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-name-mismatch'],
    ['ETIMEDOUT', 'connection-timeout'],
    ['NOT_KAFKA', 'not-kafka'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-ca-unknown'],
    ['SOMETHING_ELSE', 'connection-failed'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'tls-ca-unknown'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls-ca-unknown'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-ca-unknown'],
  ];
  for (const [code, key] of sockets) {
    const row: Row = [code, 'retry', 'many', true, key];
    for (const wrap of [(error: Error) => error, retriesExceeded, nonRetriable]) {
      const thrown = wrap(socketError(code));
      assert.deepEqual(rowOf(thrown), row);
      assert.match(classifyError(thrown, '').problem.message, /kafka1:9092|failed|broker's (host|address)/);
    }
  }
  const others: Array<[unknown, ...Row]> = [
    [timedOut, 'KafkaJSRequestTimeoutError', 'retry', 'now', true, 'no-answer'],
    [lockTimeout, 'KafkaJSLockTimeout', 'retry', 'now', true, 'connection-failed'],
    [
      socketError(undefined, 'connect ECONNREFUSED 127.0.0.1:1'),
      'ECONNREFUSED',
      'retry',
      'many',
      true,
      'refused-connection',
    ],
    [
      new KafkaJSConnectionError('Connection timeout', { broker: place } as never),
      'ETIMEDOUT',
      'retry',
      'many',
      true,
      'connection-timeout',
    ],
    [closed, 'KafkaJSConnectionClosedError', 'retry', 'many', true, 'connection-closed'],
    [
      socketError(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
      ),
      'ECONNRESET',
      'retry',
      'many',
      true,
      'tls-not-spoken',
    ],
    [
      socketError(undefined, 'something else'),
      'KafkaJSConnectionError',
      'retry',
      'many',
      true,
      'connection-failed',
    ],
    [
      new AggregateError([socketError('ECONNREFUSED')]),
      'ECONNREFUSED',
      'retry',
      'many',
      true,
      'refused-connection',
    ],
    ['not even an error', 'Error', 'retry', 'many', true, 'connection-failed'],
  ];
  for (const [thrown, ...row] of others) assert.deepEqual(rowOf(thrown), row);
});

test('classifyError: a Problem -> itself; only an attempt without an end leaves the outcome unknown', () => {
  const rows: Array<[unknown, ...Row]> = [
    [new KafkaProblem('ATTEMPT_TIMEOUT'), 'ATTEMPT_TIMEOUT', 'retry', 'now', true, 'attempt-timeout'],
    [
      new KafkaProblem('NO_ACKNOWLEDGEMENT'),
      'NO_ACKNOWLEDGEMENT',
      'retry',
      'second',
      false,
      'no-acknowledgement',
    ],
    [new Problem('closing'), 'closing', 'retry', 'many', false, 'closing'],
    [new Problem('topic-missing'), 'topic-missing', 'retry', 'many', false, 'topic-missing'],
    [new KafkaProblem('SASL_REJECTED'), 'SASL_REJECTED', 'retry', 'many', false, 'sasl-refused'],
    [
      answer('UNSUPPORTED_SASL_MECHANISM'),
      'UNSUPPORTED_SASL_MECHANISM',
      'retry',
      'many',
      false,
      'sasl-mechanism',
    ],
    [answer('ILLEGAL_SASL_STATE'), 'ILLEGAL_SASL_STATE', 'retry', 'many', false, 'sasl-not-asked'],
  ];
  for (const [thrown, ...row] of rows) {
    assert.deepEqual(rowOf(thrown), row);
    assert.deepEqual(rowOf(nonRetriable(thrown as Error)), row, 'in a wrapper of kafkajs');
    if (thrown instanceof Problem) assert.equal(classifyError(thrown, '').problem, thrown);
  }
});

test('classifyError: the source -> connection, login or answer', () => {
  const sourceOf = (thrown: unknown): string => classifyError(thrown, '').source;
  for (const thrown of [
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    new KafkaProblem('ATTEMPT_TIMEOUT'),
    new KafkaProblem('TOKEN_SERVER_UNREACHABLE'),
    new Error('unknown'),
  ]) {
    assert.equal(sourceOf(thrown), 'connection');
    assert.equal(sourceOf(nonRetriable(thrown)), 'connection');
  }
  for (const thrown of [new KafkaProblem('SASL_REJECTED'), answer('ILLEGAL_SASL_STATE')])
    assert.equal(sourceOf(thrown), 'login');
  for (const thrown of [answer('NOT_ENOUGH_REPLICAS'), new Problem('topic-missing')])
    assert.equal(sourceOf(thrown), 'answer');
});

test('KafkaProblem: a code -> the sentence of its row; wrapped by kafkajs it keeps its row', () => {
  const rows: Row[] = [
    ['CONNECTION_ABANDONED', 'retry', 'many', true, 'connection-abandoned'],
    ['NOT_KAFKA', 'retry', 'many', true, 'not-kafka'],
    ['TOKEN_CLIENT_REJECTED', 'retry', 'many', false, 'oauth-refused'],
    ['TOKEN_MISSING', 'retry', 'many', false, 'oauth-no-token'],
    ['TOKEN_REJECTED', 'retry', 'many', false, 'token-refused'],
    ['TOKEN_SERVER_FAILED', 'retry', 'many', false, 'oauth-failed'],
    ['TOKEN_SERVER_UNREACHABLE', 'retry', 'many', false, 'oauth-unreachable'],
  ];
  for (const row of rows) {
    const problem = new KafkaProblem(row[0] as ErrorCode);
    assert.deepEqual(rowOf(problem), row);
    assert.deepEqual(rowOf(nonRetriable(problem)), row);
  }
  // kafkajs copies the code and the message of a socket's error.
  const copied = socketError('CONNECTION_ABANDONED');
  assert.equal(describeError(copied).message, `This node closed the connection to ${place}.`);
});

test('isPermanent: a final answer or a rejected login -> true', () => {
  const notRetriable = Object.assign(answer('INVALID_PARTITIONS'), { retriable: false });
  const permanent = [notRetriable, answer('ILLEGAL_SASL_STATE'), new KafkaProblem('SASL_REJECTED')];
  const passing = [
    answer('LEADER_NOT_AVAILABLE'),
    new KafkaProblem('TOKEN_SERVER_FAILED'),
    socketError('ECONNREFUSED'),
    timedOut,
    nonRetriable(timedOut),
    undefined,
  ];
  for (const thrown of permanent) assert.ok(isPermanent(nonRetriable(thrown)), thrown.message);
  for (const thrown of passing) assert.ok(!isPermanent(thrown), String(thrown));
});

test('isAnswer: an answer over a connection that goes on answering -> true', () => {
  assert.ok(isAnswer(retriesExceeded(answer('TOPIC_ALREADY_EXISTS'))));
  const others = [answer('ILLEGAL_SASL_STATE'), new KafkaProblem('SASL_REJECTED'), timedOut, 'text'];
  for (const thrown of others) assert.ok(!isAnswer(thrown), String(thrown));
});

test('describeError: an IPv6 broker -> its address in brackets', () => {
  const refused = new KafkaJSConnectionError('Connection error: x', {
    broker: '::1:9092',
    code: 'ECONNREFUSED',
  } as never);
  assert.equal(describeError(refused).params.place, '[::1]:9092');
  const closing = Object.assign(new Error('Closed connection'), { host: '::1', port: 9092 });
  assert.equal(describeError(closing).params.place, '[::1]:9092');
});

test('describeError: the sentence names the broker or the topic', () => {
  assert.match(describeError(socketError('ECONNREFUSED')).message, /kafka1:9092/);
  const { problem } = classifyError(answer('UNKNOWN_TOPIC_OR_PARTITION'), 'tweets');
  assert.match(problem.message, /“tweets”.*topics\.ensure/);
});
