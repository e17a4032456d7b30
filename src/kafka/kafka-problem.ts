import { Problem, type ProblemParams } from '../util/problem';
import { type ErrorCode, errorTable } from './error-table';

/**
 * An error of this side on the way to Kafka: of a connection, a login or an attempt to send. Its row in the
 * error table decides what follows, and names its sentence:
 * - ATTEMPT_TIMEOUT: an attempt to send did not settle in time;
 * - NO_ACKNOWLEDGEMENT: kafkajs reported success without an acknowledgement of the partition;
 * - CONNECTION_ABANDONED: this client closed the connection;
 * - NULL_HEADER: a header is null and kafkajs's own encoder had to encode it;
 * - NOT_KAFKA: the peer sends something other than Kafka frames;
 * - SASL_REJECTED, TOKEN_REJECTED: the broker rejected the user or the token;
 * - TOKEN_CLIENT_REJECTED, TOKEN_MISSING, TOKEN_SERVER_FAILED, TOKEN_SERVER_UNREACHABLE: the token server.
 */
export class KafkaProblem extends Problem {
  /** kafkajs neither retries nor wraps such an error: retries are up to the caller. */
  readonly retriable = false;

  // Without `cause`: kafkajs would put the cause in the place of the error.
  constructor(
    readonly code: ErrorCode,
    params?: ProblemParams,
  ) {
    super(errorTable[code].sentence, params);
  }
}
