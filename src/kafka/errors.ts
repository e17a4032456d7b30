import { flatten, Problem, type ProblemParams } from '../util/problem';
import { AdvertisedProblem } from './advertised-problem';
import { formatAddress, placeOf } from './connection/address';
import type { Advertiser, BrokerHealth } from './connection/broker-health';
import {
  answerDefault,
  type ErrorAction,
  type ErrorRow,
  errorTable,
  failureDefault,
  namesOfNewCodes,
  type Replace,
  tlsFamilies,
} from './error-table';
import { KafkaProblem } from './kafka-problem';

export type { ErrorAction, Replace };

/** Where a failure is: nothing reached Kafka or came back; Kafka rejects the login; or Kafka answered with an error. */
export type ErrorSource = 'connection' | 'login' | 'answer';

/** An error's row in the error table, and the Problem that describes it. */
export interface ClassifiedError extends Omit<ErrorRow, 'sentence'> {
  source: ErrorSource;
  /** Kafka's name of the error; without an answer kafkajs's name or the socket's code; a Problem's key. */
  code: string;
  problem: Problem;
}

/**
 * Classifies what kafkajs threw by the root of its chain of causes. kafkajs's own `retriable` does not
 * count for records: it is false for brokers that are unreachable for a moment.
 * @param topic for the sentence
 */
export function classifyError(thrown: unknown, topic: string): ClassifiedError {
  const root = rootOf(thrown);
  const code = codeOf(root);
  const { sentence: _, ...row } = rowOf(root, code);
  return { code, ...row, source: sourceOf(root, row), problem: describeError(root, topic) };
}

function sourceOf(root: unknown, { loginRejected }: Pick<ErrorRow, 'loginRejected'>): ErrorSource {
  if (loginRejected) return 'login';
  // A Problem that is not of the connection was concluded from an answer.
  const isConcluded = root instanceof Problem && !(root instanceof KafkaProblem);
  return isConcluded || isProtocolError(root) ? 'answer' : 'connection';
}

/** The sentence for what kafkajs threw. A Problem is its own. */
export function describeError(thrown: unknown, topic = ''): Problem {
  const root = rootOf(thrown);
  if (root instanceof Problem) return root;
  const code = codeOf(root);
  const cause = flatten(root).replace(/^Connection error: |[\s.:]+$/g, '');
  const place = brokerOf(root);
  const { advertiser, brokerMessage, leaderless } = (root ?? {}) as KafkaJsError;
  if (advertiser && place !== undefined) return new AdvertisedProblem(advertiser, place, code);
  if (leaderless) return new Problem('partition-leader-none', { ...leaderless });
  if (brokerMessage) {
    return new Problem('broker-said', { reason: brokerMessage.replace(/[\s.]+$/, ''), code });
  }
  const { sentence } = rowOf(root, code);
  if (sentence === 'not-authorized') return new Problem(sentence, writePermission(code, topic));
  return new Problem(sentence, {
    topic,
    code,
    place: place ?? new Problem('some-broker'),
    cause,
  });
}

/** What a user needs who writes to a topic. */
function writePermission(code: string, name: string): ProblemParams {
  return code === 'CLUSTER_AUTHORIZATION_FAILED'
    ? { permission: 'IdempotentWrite', resource: new Problem('resource-cluster') }
    : { permission: 'Write', resource: new Problem('resource-topic', { name }) };
}

/** Kafka's name of the error that a broker answered with, else a name for the failure. */
export const errorCode = (thrown: unknown): string => codeOf(rootOf(thrown));

/** `host:port` of the broker whose connection failed, if kafkajs names it. */
export function brokerOf(thrown: unknown): string | undefined {
  const error = rootOf(thrown) as KafkaJsError | undefined;
  if (error?.broker) return placeOf(error.broker);
  return error?.host ? formatAddress({ host: error.host, port: Number(error.port) }) : undefined;
}

/**
 * Adds to the error of a failed connect which configured broker advertises the address, so that its description names
 * both. Any other error stays as it is.
 * @param thrown what kafkajs threw
 * @param configured `host:port` of each configured broker
 */
export function noteAdvertiser(thrown: unknown, configured: string[], brokerHealth: BrokerHealth): void {
  const root = rootOf(thrown);
  const place = brokerOf(root);
  if (place === undefined || !rowOf(root, codeOf(root)).unreachable) return;
  (root as KafkaJsError).advertiser = brokerHealth.advertiserOf(place, configured);
}

/** Whether a broker answered with an error over a connection that goes on answering. */
export function isAnswer(thrown: unknown): boolean {
  const root = rootOf(thrown);
  return isProtocolError(root) && !rowOf(root, codeOf(root)).loginRejected;
}

/**
 * Whether the same operation would fail again until the settings or the broker change: for operations without
 * records. A record waits for such a change until its deadline, by `action`.
 */
export function isPermanent(thrown: unknown): boolean {
  const root = rootOf(thrown);
  if (rowOf(root, codeOf(root)).loginRejected) return true;
  return isProtocolError(root) && (root as KafkaJsError).retriable === false;
}

interface KafkaJsError extends Error {
  type?: string;
  code?: string | number;
  retriable?: boolean;
  broker?: string;
  host?: string;
  port?: number;
  cause?: unknown;
  originalError?: unknown;
  errors?: unknown[];
  /** The broker's own sentence, where an answer has one. */
  brokerMessage?: string;
  /** The partition without a leader, where it is known. */
  leaderless?: { topic: string; partition: number };
  /** Added by `noteAdvertiser`. */
  advertiser?: Advertiser;
}

/** The innermost error of a kafkajs chain that has a meaning: a broker's answer, a socket's error or a Problem. */
export function rootOf(thrown: unknown): unknown {
  let current = thrown as KafkaJsError;
  for (let depth = 0; depth < 8; depth++) {
    const inner = (current?.errors?.[0] ?? current?.cause ?? current?.originalError) as
      | KafkaJsError
      | undefined;
    if (isProtocolError(current) || current instanceof Problem || !(inner instanceof Error)) return current;
    current = inner;
  }
  return current;
}

function rowOf(root: unknown, code: string): ErrorRow {
  if (root instanceof KafkaProblem) return errorTable[root.code];
  // Any other Problem arose on this side, before anything was sent.
  if (root instanceof Problem) return answerDefault;
  const row = (errorTable as Readonly<Record<string, ErrorRow | undefined>>)[code];
  if (isProtocolError(root)) return row ?? answerDefault;
  // Node.js reports a broken handshake as a connection that was reset.
  if (/before secure TLS connection/.test((root as Error | undefined)?.message ?? ''))
    return errorTable.EPROTO;
  return row ?? tlsFamilies.find(([codes]) => codes.test(code))?.[1] ?? failureDefault;
}

function codeOf(root: unknown): string {
  if (root instanceof KafkaProblem) return root.code;
  if (root instanceof Problem) return root.key;
  const error = root as KafkaJsError;
  if (isProtocolError(error)) {
    const number = /Unknown error code (\d+)/i.exec(error.message)?.[1];
    return (number && (namesOfNewCodes[number] ?? `ERROR_CODE_${number}`)) || String(error.type);
  }
  if (typeof error?.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) return error.code;
  if (error?.message === 'Connection timeout') return 'ETIMEDOUT';
  const socketCode = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN)\b/.exec(error?.message ?? '')?.[1];
  return socketCode ?? error?.name ?? 'Error';
}

const isProtocolError = (error: unknown): boolean =>
  typeof (error as KafkaJsError)?.type === 'string' && (error as KafkaJsError).type !== '';
