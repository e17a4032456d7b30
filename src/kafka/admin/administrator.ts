import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { describeError, isPermanent } from '../errors';
import { KafkaProblem } from '../kafka-problem';
import { adminRetryWaits } from '../retry-policy';
import type { AdminClient } from './admin-client';
import { type AdminRequest, prepareOperation } from './prepare-operation';
import { shownNames } from './targets';

// Node.js fires a longer timer at once.
const longestTimerMs = 2 ** 31 - 1;

/**
 * Runs one administrative operation on a cluster. Retries while the cluster is unreachable; fails at once
 * where Kafka rejects the operation or the login. After the timeout nothing is sent any more.
 * @param timeoutMs milliseconds for the whole operation
 * @param closing ends the operation
 * @param onRetry called with the cause when an attempt failed and another one follows
 * @returns the operation's result; the result of a dry run for a destructive operation without `confirm`
 * @throws Problem "admin-timeout" with the last cause, "admin-failed" with Kafka's, each also as "-in-doubt" where
 *   a request was sent and may still be carried out; or a Problem of an invalid request
 */
export async function administer(
  admin: Pick<AdminClient, 'use'>,
  request: AdminRequest,
  timeoutMs: number,
  closing: AbortSignal,
  onRetry: (cause: Problem) => void = () => {},
): Promise<unknown> {
  const { operation, run, changes } = prepareOperation(request);
  const deadline = performance.now() + timeoutMs;
  const ending = new AbortController();
  const ended = ending.signal;
  let cause = new Problem('cluster-silent');
  return new Promise((resolve, reject) => {
    // A timer of our own: on Node.js 20, AbortSignal.any() of a timeout can be garbage-collected before it fires.
    const expire = (): void => {
      ending.abort();
      reject(timeoutProblem());
    };
    const timer = setTimeout(expire, Math.min(timeoutMs, longestTimerMs));
    closing.addEventListener('abort', expire, { once: true });
    if (closing.aborted) expire();
    attempts()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        closing.removeEventListener('abort', expire);
      });
  });

  async function attempts(): Promise<unknown> {
    const nextWait = adminRetryWaits();
    while (!ended.aborted) {
      try {
        return await admin.use(
          // The client may connect only after the end.
          async (requests) => (ended.aborted ? undefined : run(requests, ended, deadline)),
          changes && { ending: ended, onRequest: changes.onRequest },
        );
      } catch (error) {
        if (ended.aborted) return undefined;
        cause = describeError(error, changes?.inDoubt ?? shownNames(request.target));
        // A Problem of the operation itself; those of a connection or a login are KafkaProblems.
        const isOwn = error instanceof Problem && !(error instanceof KafkaProblem);
        if (isOwn && !changes?.begun) throw error;
        if (isOwn || isPermanent(error)) throw failedProblem();
      }
      onRetry(cause);
      await sleep(nextWait(), ended);
    }
    return undefined;
  }

  function timeoutProblem(): Problem {
    const params = { operation, seconds: timeoutMs / 1000, cause: causeAfterChanges() };
    const topic = changes?.inDoubt;
    return topic === undefined
      ? new Problem('admin-timeout', params)
      : new Problem('admin-timeout-in-doubt', { ...params, topic });
  }

  function failedProblem(): Problem {
    const params = { operation, cause: causeAfterChanges() };
    const topic = changes?.inDoubt;
    return topic === undefined
      ? new Problem('admin-failed', params)
      : new Problem('admin-failed-in-doubt', { ...params, topic });
  }

  /** The cause, with the topics that were changed before. */
  function causeAfterChanges(): Problem {
    const done = changes?.done ?? [];
    return done.length === 0 ? cause : new Problem('cause-partly-done', { done: done.join(', '), cause });
  }
}
