import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded } from 'kafkajs';
import { describeError } from '../../../src/kafka/errors';

const place = 'kafka1:9093';
const socket = (code: string | undefined, message: string): Error =>
  new KafkaJSConnectionError(`Connection error: ${message}`, { broker: place, code } as never);

const closed = Object.assign(new Error('Closed connection'), {
  name: 'KafkaJSConnectionClosedError',
  host: 'kafka1',
  port: 9093,
});

test('how a connection fails, in a sentence with its place', () => {
  const table: Array<[Error, string]> = [
    [new KafkaJSConnectionError('Connection timeout', { broker: place } as never), 'connection-timeout'],
    [socket('ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:9093'), 'connection-timeout'],
    [socket('EHOSTUNREACH', 'connect EHOSTUNREACH 10.0.0.1:9093'), 'connection-timeout'],
    [socket('ECONNRESET', 'read ECONNRESET'), 'connection-reset'],
    [socket('EPIPE', 'write EPIPE'), 'connection-reset'],
    [socket('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'), 'refused-connection'],
    [closed, 'connection-closed'],
    [
      socket('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'),
      'tls-not-spoken',
    ],
    [socket('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number'), 'tls-not-spoken'],
    [socket('EPROTO', 'write EPROTO'), 'tls-not-spoken'],
    [socket('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate'), 'tls-ca-unknown'],
    [socket('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'), 'tls-ca-unknown'],
    [socket('CERT_HAS_EXPIRED', 'certificate has expired'), 'tls-expired'],
    [socket('ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname/IP does not match'), 'tls-name-mismatch'],
    [socket('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'alert'), 'tls-client-certificate'],
    [socket('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'alert'), 'tls-client-certificate'],
    [socket('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'alert protocol version'), 'tls-failed'],
    [socket(undefined, 'something else'), 'connection-failed'],
  ];
  for (const [error, key] of table) {
    const wrapped = new KafkaJSNumberOfRetriesExceeded(error, { retryCount: 1, retryTime: 1 } as never);
    const problem = describeError(wrapped);
    assert.equal(problem.key, key, problem.message);
    assert.match(problem.message, key === 'connection-failed' ? /something else\.$/ : /kafka1:9093/);
    assert.doesNotMatch(problem.message, /__|undefined|Connection error/);
  }
});
