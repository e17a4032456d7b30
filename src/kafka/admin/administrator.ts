import type { Admin } from 'kafkajs';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { hasMembers, typeName } from '../delivery/record/type-name';
import { describeError, isPermanent } from '../errors';
import { KafkaProblem } from '../kafka-problem';
import { adminRetryWaits } from '../retry-policy';
import { topicName } from '../topic-name';
import type { AdminClient } from './admin-client';
import { OPERATIONS, type Operation } from './operations';
import { TopicChanges } from './topic-changes';
import {
  type DesiredTopic,
  deleteTopics,
  describeTopics,
  ensureTopics,
  listTopics,
  type TopicDescription,
} from './topic-operations';

/** One operation, as a message or the dialog requests it. */
export interface AdminRequest {
  operation: unknown;
  /** The name of a topic, a list of names, or names separated by commas. */
  target: unknown;
  options: unknown;
  /** true, or the target's name: permits a destructive operation. */
  confirm: unknown;
}

/** A checked operation; `run` is called again for each attempt. */
interface Prepared {
  run(admin: Admin, signal: AbortSignal): Promise<unknown>;
  /** What it has changed so far; undefined for an operation that changes nothing. */
  changes?: TopicChanges;
}

const knownOptions = ['partitions', 'replicationFactor', 'configs', 'internal'];
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
  const operation = operationOf(request.operation);
  const { run, changes } = prepare(operation, request);
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
          async (client) => (ended.aborted ? undefined : run(client, ended)),
          changes && { ending: ended, onRequest: changes.onRequest },
        );
      } catch (error) {
        if (ended.aborted) return undefined;
        cause = describeError(error, changes?.inDoubt ?? namesOf(request.target).join(', '));
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

function operationOf(value: unknown): Operation {
  if (value === undefined || value === null || value === '') throw new Problem('operation-none');
  const found = OPERATIONS.find((operation) => operation === value);
  if (found) return found;
  throw new Problem('operation-unknown', {
    operation: String(value).slice(0, 60),
    known: OPERATIONS.join(', '),
  });
}

/** Checks target and options before the first request to the cluster. */
function prepare(operation: Operation, request: AdminRequest): Prepared {
  const options = optionsOf(request.options);
  if (operation === 'topics.list') {
    const internal = flagOf('internal', options.internal);
    return { run: (admin) => listTopics(admin, internal) };
  }
  const names = namesOf(request.target).map(topicName);
  if (names.length === 0) throw new Problem('target-none', { operation });
  switch (operation) {
    case 'topics.describe':
      return { run: (admin) => describeTopics(admin, names) };
    case 'topics.ensure': {
      const desired = desiredTopic(options);
      const changes = new TopicChanges();
      return { run: (admin, signal) => ensureTopics(admin, names, desired, changes, signal), changes };
    }
    case 'topics.delete':
      return prepareDelete(names, confirms(request.confirm, names));
  }
}

function prepareDelete(names: string[], confirmed: boolean): Prepared {
  if (!confirmed) {
    return {
      run: async (admin) => ({ deleted: false, dryRun: true, topics: await describeTopics(admin, names) }),
    };
  }
  const changes = new TopicChanges();
  let topics: TopicDescription[] | undefined;
  return {
    changes,
    async run(admin, signal) {
      // Once: a later attempt would not find the topics that an earlier one deleted.
      topics ??= await describeTopics(admin, names);
      await deleteTopics(admin, names, changes, signal);
      return { deleted: true, dryRun: false, topics };
    },
  };
}

function confirms(confirm: unknown, names: string[]): boolean {
  return confirm === true || (typeof confirm === 'string' && namesOf(confirm).join() === names.join());
}

/** A list of names, or a string of names separated by commas. */
function namesOf(target: unknown): string[] {
  if (target === undefined || target === null || target === '') return [];
  const names = typeof target === 'string' ? target.split(',') : target;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new Problem('target-invalid');
  }
  return [...new Set(names.map((name) => name.trim()))].filter((name) => name !== '');
}

function optionsOf(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null || value === '') return {};
  if (!hasMembers(value)) throw new Problem('options-invalid', { type: typeName(value) });
  const unknown = Object.keys(value).find((name) => !knownOptions.includes(name));
  if (unknown !== undefined) {
    throw new Problem('option-unknown', { option: unknown.slice(0, 60), known: knownOptions.join(', ') });
  }
  return value as Record<string, unknown>;
}

function desiredTopic(options: Record<string, unknown>): DesiredTopic {
  const { configs = {} } = options;
  if (!hasMembers(configs)) {
    throw new Problem('option-invalid', { option: 'configs', want: new Problem('option-object') });
  }
  const entries = Object.entries(configs).filter(([, value]) => value !== undefined);
  return {
    partitions: countOf('partitions', options.partitions),
    replicationFactor: countOf('replicationFactor', options.replicationFactor),
    configs: Object.fromEntries(entries.map(([name, value]) => [name, configText(name, value)])),
  };
}

function configText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (Number.isFinite(value)) return String(value);
  throw new Problem('option-invalid', { option: `configs.${name}`, want: new Problem('option-text') });
}

function countOf(option: string, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1) return number;
  throw new Problem('option-invalid', { option, want: new Problem('option-positive-integer') });
}

function flagOf(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (value === undefined || value === null || value === '') return false;
  throw new Problem('option-invalid', { option, want: new Problem('option-true-or-false') });
}
