import type { SentenceKey } from '../util/english';

/**
 * What a failed request means for the records in it:
 * - `retry`: send the same batch again until its deadline;
 * - `reject-record`: the broker rejects a record of the batch for good: find it, send the others;
 * - `reject-all`: the broker rejects the whole batch for good.
 */
export type ErrorAction = 'retry' | 'reject-record' | 'reject-all';

/** When the producer is reset: at the first failure of this kind, at the second in a row, or after many of any kind. */
export type Replace = 'now' | 'second' | 'many';

/** Everything that an error code means. */
export interface ErrorRow {
  action: ErrorAction;
  replace: Replace;
  /** The records may be in the log although no acknowledgement came. */
  outcomeUnknown: boolean;
  sentence: SentenceKey;
  /** The partition may no longer exist: look up the topic's partitions before the next attempt. */
  staleMetadata?: boolean;
  /** The records are in the log: an earlier attempt wrote them. */
  alreadyWritten?: boolean;
  /**
   * The login fails until the settings or the broker change. kafka-admin fails at once; records
   * retry until their deadline. The connection answers nothing else.
   */
  loginRejected?: boolean;
  /** No connection to the broker's address came about. */
  unreachable?: boolean;
}

/** A broker's answer without a row of its own. */
export const answerDefault: ErrorRow = {
  action: 'retry',
  replace: 'many',
  outcomeUnknown: false,
  sentence: 'broker-answered',
};

/** A failure without an answer and without a row of its own. */
export const failureDefault: ErrorRow = {
  action: 'retry',
  replace: 'many',
  outcomeUnknown: true,
  sentence: 'connection-failed',
};

// A row holds only what differs from its default.
const answer = (row: Partial<ErrorRow>): ErrorRow => ({ ...answerDefault, ...row });
const failure = (row: Partial<ErrorRow>): ErrorRow => ({ ...failureDefault, ...row });
/** A connect that failed. */
const unreachable = (row: Partial<ErrorRow>): ErrorRow => failure({ ...row, unreachable: true });
/** A login that failed: nothing was sent. */
const login = (row: Partial<ErrorRow>): ErrorRow => ({ ...failureDefault, outcomeUnknown: false, ...row });

const rows = {
  // Brokers' answers (org.apache.kafka.common.protocol.Errors, by kafkajs's names).
  CLUSTER_AUTHORIZATION_FAILED: answer({ action: 'reject-all', sentence: 'not-authorized' }),
  DUPLICATE_SEQUENCE_NUMBER: answer({ alreadyWritten: true }),
  ILLEGAL_SASL_STATE: answer({ loginRejected: true, sentence: 'sasl-not-asked' }),
  INVALID_PRODUCER_EPOCH: answer({ replace: 'second' }),
  INVALID_RECORD: answer({ action: 'reject-record', sentence: 'record-invalid' }),
  INVALID_REQUIRED_ACKS: answer({ action: 'reject-all' }),
  INVALID_TIMESTAMP: answer({ action: 'reject-record', sentence: 'record-timestamp-refused' }),
  INVALID_TOPIC_EXCEPTION: answer({ action: 'reject-all', sentence: 'topic-refused' }),
  LEADER_NOT_AVAILABLE: answer({ sentence: 'leader-none' }),
  MESSAGE_TOO_LARGE: answer({ action: 'reject-record', sentence: 'record-too-large' }),
  NETWORK_EXCEPTION: answer({ outcomeUnknown: true }),
  NOT_ENOUGH_REPLICAS: answer({ sentence: 'replicas-too-few' }),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: answer({ outcomeUnknown: true, sentence: 'replicas-too-few' }),
  NOT_LEADER_FOR_PARTITION: answer({ sentence: 'leader-moved' }),
  OUT_OF_ORDER_SEQUENCE_NUMBER: answer({ replace: 'second' }),
  POLICY_VIOLATION: answer({ action: 'reject-all' }),
  PRODUCER_FENCED: answer({ replace: 'second' }),
  RECORD_LIST_TOO_LARGE: answer({ action: 'reject-record', sentence: 'record-too-large' }),
  REQUEST_TIMED_OUT: answer({ outcomeUnknown: true, sentence: 'no-answer' }),
  TOPIC_ALREADY_EXISTS: answer({ sentence: 'topic-exists' }),
  TOPIC_AUTHORIZATION_FAILED: answer({ action: 'reject-all', sentence: 'not-authorized' }),
  UNKNOWN_PRODUCER_ID: answer({ replace: 'second' }),
  UNKNOWN_TOPIC_ID: answer({ replace: 'second', staleMetadata: true }),
  UNKNOWN_TOPIC_OR_PARTITION: answer({ replace: 'second', staleMetadata: true, sentence: 'topic-missing' }),
  UNSUPPORTED_COMPRESSION_TYPE: answer({ action: 'reject-all' }),
  UNSUPPORTED_FOR_MESSAGE_FORMAT: answer({ action: 'reject-record' }),
  UNSUPPORTED_SASL_MECHANISM: answer({ loginRejected: true, sentence: 'sasl-mechanism' }),
  UNSUPPORTED_VERSION: answer({ action: 'reject-all' }),

  // This package's own codes: see KafkaProblem for where each comes from.
  ATTEMPT_TIMEOUT: failure({ replace: 'now', sentence: 'attempt-timeout' }),
  CONNECTION_ABANDONED: failure({ sentence: 'connection-abandoned' }),
  NO_ACKNOWLEDGEMENT: answer({ replace: 'second', staleMetadata: true, sentence: 'no-acknowledgement' }),
  NULL_HEADER: answer({ action: 'reject-record', sentence: 'header-null-unsupported' }),
  NOT_KAFKA: failure({ sentence: 'not-kafka' }),
  SASL_REJECTED: login({ loginRejected: true, sentence: 'sasl-refused' }),
  TOKEN_REJECTED: login({ loginRejected: true, sentence: 'token-refused' }),
  TOKEN_CLIENT_REJECTED: login({ loginRejected: true, sentence: 'oauth-refused' }),
  TOKEN_MISSING: login({ sentence: 'oauth-no-token' }),
  TOKEN_SERVER_FAILED: login({ sentence: 'oauth-failed' }),
  TOKEN_SERVER_UNREACHABLE: login({ sentence: 'oauth-unreachable' }),

  // kafkajs's errors, by name: kafkajs gives them no code.
  // The partition has no leader, or its broker has just left: nothing was sent.
  KafkaJSBrokerNotFound: answer({ sentence: 'leader-none' }),
  KafkaJSConnectionClosedError: failure({ sentence: 'connection-closed' }),
  KafkaJSLockTimeout: failure({ replace: 'now' }),
  KafkaJSRequestTimeoutError: failure({ replace: 'now', sentence: 'no-answer' }),

  // Sockets and DNS.
  EADDRNOTAVAIL: unreachable({ sentence: 'connection-timeout' }),
  EAFNOSUPPORT: unreachable({ sentence: 'connection-timeout' }),
  EAI_AGAIN: unreachable({ sentence: 'host-unknown' }),
  ECONNREFUSED: unreachable({ sentence: 'refused-connection' }),
  ECONNRESET: failure({ sentence: 'connection-reset' }),
  EHOSTUNREACH: unreachable({ sentence: 'connection-timeout' }),
  ENETUNREACH: unreachable({ sentence: 'connection-timeout' }),
  ENOTFOUND: unreachable({ sentence: 'host-unknown' }),
  EPIPE: failure({ sentence: 'connection-reset' }),
  ETIMEDOUT: unreachable({ sentence: 'connection-timeout' }),

  // TLS: OpenSSL's names, first the certificate chain, then a peer that does not speak TLS.
  CERT_HAS_EXPIRED: failure({ sentence: 'tls-expired' }),
  CERT_NOT_YET_VALID: failure({ sentence: 'tls-expired' }),
  DEPTH_ZERO_SELF_SIGNED_CERT: failure({ sentence: 'tls-ca-unknown' }),
  ERR_TLS_CERT_ALTNAME_INVALID: failure({ sentence: 'tls-name-mismatch' }),
  SELF_SIGNED_CERT_IN_CHAIN: failure({ sentence: 'tls-ca-unknown' }),
  UNABLE_TO_GET_ISSUER_CERT: failure({ sentence: 'tls-ca-unknown' }),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: failure({ sentence: 'tls-ca-unknown' }),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: failure({ sentence: 'tls-ca-unknown' }),
  EPROTO: failure({ sentence: 'tls-not-spoken' }),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: failure({ sentence: 'tls-not-spoken' }),
  ERR_SSL_WRONG_VERSION_NUMBER: failure({ sentence: 'tls-not-spoken' }),
};

/** A code with a row of its own. */
export type ErrorCode = keyof typeof rows;

/** One row an error code. @see classifyError */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = rows;

/** TLS codes that come in families; the row of a code itself goes first. */
export const tlsFamilies: ReadonlyArray<[codes: RegExp, row: ErrorRow]> = [
  // The alerts by which a server rejects the client's certificate or misses one (RFC 8446, 6.2).
  [
    /^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_(REQUIRED|UNKNOWN|EXPIRED|REVOKED)|UNKNOWN_CA|ACCESS_DENIED)$/,
    failure({ sentence: 'tls-client-certificate' }),
  ],
  [/^ERR_(SSL|TLS|OSSL)_/, failure({ sentence: 'tls-failed' })],
];

/** Kafka's codes that kafkajs 2.2.4 does not have: it passes them as -99 with the number in the message. */
export const namesOfNewCodes: Readonly<Record<string, string>> = {
  89: 'THROTTLING_QUOTA_EXCEEDED',
  90: 'PRODUCER_FENCED',
  91: 'RESOURCE_NOT_FOUND',
  100: 'UNKNOWN_TOPIC_ID',
  103: 'INCONSISTENT_TOPIC_ID',
  120: 'TRANSACTION_ABORTABLE',
};
