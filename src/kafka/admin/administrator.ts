import type { Admin } from 'kafkajs';
import { Problem } from '../../util/problem';
import { sleep } from '../../util/sleep';
import { classifyError, rootOf } from '../errors';
import { topicName } from '../topic-name';
import type { AdminClient } from './admin-client';
import { OPERATIONS, type Operation } from './operations';
import {
  type DesiredTopic,
  deleteTopics,
  describeTopics,
  ensureTopics,
  listTopics,
} from './topic-operations';

/** One thing to do, as a message or a dialog asks for it. */
export interface AdminRequest {
  operation: unknown;
  /** The name of a topic, a list of names, or names separated by commas. */
  target: unknown;
  options: unknown;
  /** true, or the target's name: what destroys may be done. */
  confirm: unknown;
}

type Run = (admin: Admin, ended: AbortSignal) => Promise<unknown>;

const firstWaitMs = 200;
const longestWaitMs = 2000;

/**
 * Does one administrative operation on a cluster. A cluster that is away is tried again until the time is
 * up; what Kafka refuses fails at once.
 * @param timeoutMs milliseconds for the whole operation
 * @param closing ends the waiting
 * @returns the operation's answer; for what destroys and is not confirmed, a dry run
 * @throws Problem
 */
export async function administer(
  admin: AdminClient,
  request: AdminRequest,
  timeoutMs: number,
  closing: AbortSignal,
): Promise<unknown> {
  const operation = operationOf(request.operation);
  const run = prepare(operation, request);
  const ended = AbortSignal.any([AbortSignal.timeout(timeoutMs), closing]);
  let cause = 'the cluster did not answer';

  const answer = attempts();
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void =>
      reject(new Problem('admin-timeout', { operation, seconds: timeoutMs / 1000, cause }));
    ended.addEventListener('abort', giveUp, { once: true });
    answer.catch(() => {}).finally(() => ended.removeEventListener('abort', giveUp));
  });
  return Promise.race([answer, late]);

  async function attempts(): Promise<unknown> {
    for (let wait = firstWaitMs; !ended.aborted; wait = Math.min(2 * wait, longestWaitMs)) {
      try {
        return await admin.use((client) => run(client, ended));
      } catch (error) {
        if (error instanceof Problem && !isOfConnection(error)) throw error;
        const { problem } = classifyError(error, namesOf(request.target).join(', '));
        if (isRefusal(error)) throw new Problem('admin-failed', { operation, cause: problem.message });
        cause = problem.message;
      }
      await sleep(wait, ended);
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

/** Checks target and options before anything is asked of the cluster. */
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
      return (admin, ended) => ensureTopics(admin, names, desired, ended);
    }
    case 'topics.delete':
      return async (admin) => {
        const topics = await describeTopics(admin, names);
        const confirmed = confirms(request.confirm, names);
        if (confirmed) await deleteTopics(admin, names);
        return { deleted: confirmed, dryRun: !confirmed, topics };
      };
  }
}

function confirms(confirm: unknown, names: string[]): boolean {
  return confirm === true || (typeof confirm === 'string' && namesOf(confirm).join() === names.join());
}

/** A list of names, or one text with commas between them. */
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
    throw new Problem('option-invalid', { option: 'configs', want: 'an object of names and values' });
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
  throw new Problem('option-invalid', { option, want: 'a whole number from 1 on' });
}

/** What the client said of the way to the cluster, rather than an operation of what it was asked. */
const isOfConnection = ({ key }: Problem): boolean =>
  /^(sasl-|token-|oauth-|tls-|connection-|not-kafka)/.test(key);

/** Kafka answered, or refuses this client, and would answer the same again. */
function isRefusal(error: unknown): boolean {
  const root = rootOf(error) as { type?: string; retriable?: boolean };
  if (root instanceof Problem) return /^(sasl-|token-refused|oauth-refused)/.test(root.key);
  return typeof root?.type === 'string' && root.retriable === false;
}
