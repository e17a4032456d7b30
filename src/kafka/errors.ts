import type { SentenceKey } from '../util/english';
import { flatten, Problem } from '../util/problem';
import { loginProblem, tlsSentence } from './security/tls-errors';

/**
 * What a failed request means for the records in it:
 * - `retry`: try the very same batch again until its deadline;
 * - `reject-record`: the broker refuses something in the batch, for good: look for it;
 * - `reject-all`: the broker refuses all of it, for good.
 */
export type ErrorAction = 'retry' | 'reject-record' | 'reject-all';

/** When a kafkajs client is replaced: at the first failure of this sort, at the second in a row, or only after many. */
export type Replace = 'now' | 'second' | 'many';

export interface ClassifiedError {
  /** Kafka's name of the error, or kafkajs's where the broker said nothing. */
  code: string;
  action: ErrorAction;
  replace: Replace;
  /** The records may have been appended although no acknowledgement came. */
  outcomeUnknown: boolean;
  problem: Problem;
}

// Kafka's error codes that kafkajs 2.2.4 does not know and passes as -99 with the number in its text
// (org.apache.kafka.common.protocol.Errors).
const unknownToKafkajs: Record<string, string> = {
  89: 'THROTTLING_QUOTA_EXCEEDED',
  90: 'PRODUCER_FENCED',
  91: 'RESOURCE_NOT_FOUND',
  100: 'UNKNOWN_TOPIC_ID',
  103: 'INCONSISTENT_TOPIC_ID',
  120: 'TRANSACTION_ABORTABLE',
};

const refusesRecord = new Set([
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

const refusesAll = new Set([
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_REQUIRED_ACKS',
  'INVALID_TOPIC_EXCEPTION',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'UNSUPPORTED_VERSION',
]);

// kafkajs stays wrong after these: its metadata or its sequence numbers do not heal.
const replaceAtSecond = new Set([
  'INVALID_PRODUCER_EPOCH',
  'NO_ACKNOWLEDGEMENT',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'PRODUCER_FENCED',
  'UNKNOWN_PRODUCER_ID',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

// Answers after which the records may lie in the log all the same.
const answeredInDoubt = new Set([
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
]);

const sentences: Record<string, SentenceKey> = {
  CLUSTER_AUTHORIZATION_FAILED: 'not-authorized',
  EAI_AGAIN: 'host-unknown',
  ECONNREFUSED: 'refused-connection',
  ECONNRESET: 'connection-reset',
  EHOSTUNREACH: 'connection-timeout',
  ENETUNREACH: 'connection-timeout',
  ENOTFOUND: 'host-unknown',
  EPIPE: 'connection-reset',
  ETIMEDOUT: 'connection-timeout',
  INVALID_RECORD: 'record-invalid',
  INVALID_TIMESTAMP: 'record-timestamp-refused',
  INVALID_TOPIC_EXCEPTION: 'topic-refused',
  KafkaJSConnectionClosedError: 'connection-closed',
  KafkaJSRequestTimeoutError: 'no-answer',
  LEADER_NOT_AVAILABLE: 'leader-none',
  NOT_KAFKA: 'not-kafka',
  MESSAGE_TOO_LARGE: 'record-too-large',
  NOT_ENOUGH_REPLICAS: 'replicas-too-few',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'replicas-too-few',
  NOT_LEADER_FOR_PARTITION: 'leader-moved',
  NO_ACKNOWLEDGEMENT: 'no-acknowledgement',
  RECORD_LIST_TOO_LARGE: 'record-too-large',
  REQUEST_TIMED_OUT: 'no-answer',
  TOPIC_ALREADY_EXISTS: 'topic-exists',
  TOPIC_AUTHORIZATION_FAILED: 'not-authorized',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic-missing',
};

/**
 * Judges what kafkajs threw, by the root of its chain of causes; kafkajs's own `retriable` is not asked,
 * it is false for brokers that are merely away.
 * @param topic for the sentence
 */
export function classifyError(thrown: unknown, topic: string): ClassifiedError {
  const root = rootOf(thrown);
  const code = codeOf(root);
  const answered = isProtocolError(root);
  const local = root instanceof Problem && root.key !== 'attempt-timeout';
  return {
    code,
    action: refusesRecord.has(code) ? 'reject-record' : refusesAll.has(code) ? 'reject-all' : 'retry',
    replace: isTimeout(code) ? 'now' : replaceAtSecond.has(code) ? 'second' : 'many',
    outcomeUnknown: answered ? answeredInDoubt.has(code) : !local,
    problem: describeError(root, code, topic),
  };
}

/** The sentence for what kafkajs threw. */
export function describeError(thrown: unknown, code = codeOf(rootOf(thrown)), topic = ''): Problem {
  const root = rootOf(thrown);
  if (root instanceof Problem) return root;
  const place = brokerOf(root);
  const cause = flatten(root).replace(/^Connection error: |[\s.:]+$/g, '');
  if (isProtocolError(root))
    return new Problem(sentences[code] ?? 'broker-answered', { topic, code, place, cause });
  const key = tlsSentence(code, cause) ?? sentences[code] ?? 'connection-failed';
  return new Problem(key, { topic, code, place, cause });
}

interface KafkaJsError extends Error {
  type?: string;
  code?: string | number;
  broker?: string;
  host?: string;
  port?: number;
  cause?: unknown;
  originalError?: unknown;
  errors?: unknown[];
}

/**
 * The innermost error of a kafkajs chain that says something: the broker's answer or the socket's error;
 * a Problem where the broker does not let this client log in.
 */
export function rootOf(thrown: unknown): unknown {
  let current = thrown as KafkaJsError;
  for (let depth = 0; depth < 8; depth++) {
    if (isProtocolError(current)) return loginProblem(String(current.type)) ?? current;
    const inner = (current?.errors?.[0] ?? current?.cause ?? current?.originalError) as
      | KafkaJsError
      | undefined;
    if (current instanceof Problem || !(inner instanceof Error)) return current;
    current = inner;
  }
  return current;
}

function codeOf(root: unknown): string {
  if (root instanceof Problem) return root.key === 'no-acknowledgement' ? 'NO_ACKNOWLEDGEMENT' : root.key;
  const error = root as KafkaJsError;
  if (isProtocolError(error)) {
    const number = /Unknown error code (\d+)/i.exec(error.message)?.[1];
    return (number && (unknownToKafkajs[number] ?? `error code ${number}`)) || String(error.type);
  }
  if (typeof error?.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) return error.code;
  if (error?.message === 'Connection timeout') return 'ETIMEDOUT';
  const socketCode = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|NOT_KAFKA)\b/.exec(
    error?.message ?? '',
  )?.[1];
  return socketCode ?? error?.name ?? 'Error';
}

const isProtocolError = (error: unknown): boolean =>
  typeof (error as KafkaJsError)?.type === 'string' && (error as KafkaJsError).type !== '';

const isTimeout = (code: string): boolean =>
  code === 'KafkaJSRequestTimeoutError' || code === 'KafkaJSLockTimeout' || code === 'attempt-timeout';

function brokerOf(root: unknown): string {
  const error = root as KafkaJsError;
  if (error?.broker) return error.broker;
  return error?.host ? `${error.host}:${error.port}` : 'the broker';
}
