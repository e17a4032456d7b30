import type { Admin } from 'kafkajs';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { describeError, isPermanent } from '../errors';
import { KafkaProblem } from '../kafka-problem';
import { adminRetryWaits } from '../retry-policy';
import { topicName } from '../topic-name';
import type { AdminClient } from './admin-client';
import { OPERATIONS, type Operation } from './operations';
import { type DesiredTopic, describeTopics, ensureTopics, listTopics } from './topic-operations';

/** One operation, as a message or the dialog requests it. */
export interface AdminRequest {
  operation: unknown;
  /** The name of a topic, a list of names, or names separated by commas. */
  target: unknown;
  options: unknown;
  /** true, or the target's name: permits a destructive operation. */
  confirm: unknown;
}

type Run = (admin: Admin, signal: AbortSignal) => Promise<unknown>;

/**
 * Runs one administrative operation on a cluster. Retries while the cluster is unreachable; fails at once
 * where Kafka rejects the operation or the login.
 * @param timeoutMs milliseconds for the whole operation
 * @param closing ends the operation
 * @returns the operation's result; the result of a dry run for a destructive operation without `confirm`
 * @throws Problem "admin-timeout" with the last cause, "admin-failed" with Kafka's, or of an invalid request
 */
export async function administer(
  admin: Pick<AdminClient, 'use'>,
  request: AdminRequest,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<unknown> {
  const operation = operationOf(request.operation);
  const run = prepare(operation, request);
  // Not AbortSignal.any: Node.js collects an AbortSignal.timeout that only such a signal refers to.
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const ended = ending.signal;
  if (closing.aborted) end();
  let cause = new Problem('cluster-silent');
  const expired = new Promise<never>((_, reject) => {
    const expire = (): void =>
      reject(new Problem('admin-timeout', { operation, seconds: timeoutMs / 1000 }, { cause }));
    ended.addEventListener('abort', expire);
  });
  const timer = setTimeout(end, timeoutMs);
  closing.addEventListener('abort', end);
  try {
    return await Promise.race([attempts(), expired]);
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', end);
  }

  async function attempts(): Promise<unknown> {
    const nextWait = adminRetryWaits();
    while (!ended.aborted) {
      try {
        return await admin.use((client) => run(client, ended));
      } catch (error) {
        // A Problem of the operation itself; those of a connection or a login are KafkaProblems.
        if (error instanceof Problem && !(error instanceof KafkaProblem)) throw error;
        cause = describeError(error, namesOf(request.target).join(', '));
        if (isPermanent(error)) throw new Problem('admin-failed', { operation }, { cause });
      }
      await sleep(nextWait(), ended);
    }
    return undefined;
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
function prepare(operation: Operation, request: AdminRequest): Run {
  const options = optionsOf(request.options);
  if (operation === 'topics.list') return (admin) => listTopics(admin, options.internal === true);
  const names = namesOf(request.target).map(topicName);
  if (names.length === 0) throw new Problem('target-none', { operation });
  switch (operation) {
    case 'topics.describe':
      return (admin) => describeTopics(admin, names);
    case 'topics.ensure': {
      const desired = desiredTopic(options);
      return (admin, signal) => ensureTopics(admin, names, desired, signal);
    }
    case 'topics.delete':
      return async (admin) => {
        const topics = await describeTopics(admin, names);
        const confirmed = confirms(request.confirm, names);
        if (confirmed) await admin.deleteTopics({ topics: names });
        return { deleted: confirmed, dryRun: !confirmed, topics };
      };
  }
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
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Problem('options-invalid', { type: Array.isArray(value) ? 'array' : typeof value });
}

function desiredTopic(options: Record<string, unknown>): DesiredTopic {
  const { configs } = options;
  if (configs !== undefined && (typeof configs !== 'object' || configs === null || Array.isArray(configs))) {
    throw new Problem('option-invalid', { option: 'configs', want: new Problem('option-object') });
  }
  return {
    partitions: countOf('partitions', options.partitions),
    replicationFactor: countOf('replicationFactor', options.replicationFactor),
    configs: Object.fromEntries(Object.entries(configs ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

function countOf(option: string, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Problem('option-invalid', { option, want: new Problem('option-positive-integer') });
}
