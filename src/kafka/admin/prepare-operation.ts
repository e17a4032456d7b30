import { Problem } from '../../util/problem';
import type { BrokerRequests } from '../connection/broker-requests';
import { hasMembers, typeName } from '../delivery/record/type-name';
import { describeCluster } from './cluster/describe-cluster';
import { resourceConfigs } from './configs/describe-configs';
import { describeGroups } from './groups/describe-groups';
import { groupLag } from './groups/group-lag';
import { listedGroups } from './groups/list-groups';
import { topicOffsets } from './offsets/list-offsets';
import { OPERATIONS, type Operation, type OptionsOf } from './operations';
import { readOptions } from './option-values';
import { confirms, readTarget } from './targets';
import { TopicChanges } from './topic-changes';
import { deleteTopics } from './topics/delete-topics';
import { describeTopics, type TopicDescription } from './topics/describe-topics';
import { ensureTopics } from './topics/ensure-topics';
import { listTopics } from './topics/list-topics';

/** One operation, as a message or the dialog requests it. */
export interface AdminRequest {
  operation: unknown;
  /** A name, a list of names, or names separated by commas. */
  target: unknown;
  options: unknown;
  /** true, or the target's name: permits a destructive operation. */
  confirm: unknown;
}

/** A checked operation. */
export interface Prepared {
  operation: Operation;
  /** Called again for each attempt. */
  run(requests: BrokerRequests, signal: AbortSignal): Promise<unknown>;
  /** What it has changed so far; undefined for an operation that changes nothing. */
  changes?: TopicChanges;
}

/** What an operation works with. `confirmed`: the target is named, and no dry run was asked for. */
interface Input<Name extends Operation> {
  names: string[];
  options: OptionsOf<Name>;
  confirmed: boolean;
}

type Preparation<Name extends Operation> = (input: Input<Name>) => Omit<Prepared, 'operation'>;

const preparations: { [Name in Operation]: Preparation<Name> } = {
  'topics.list': ({ options }) => ({ run: (requests) => listTopics(requests, options.internal) }),
  'topics.describe': ({ names }) => ({ run: (requests) => describeTopics(requests, names) }),
  'topics.ensure': ({ names, options }) => {
    const changes = new TopicChanges();
    return {
      run: (requests, signal) => ensureTopics(requests, names, options, changes, signal),
      ...(options.dryRun ? {} : { changes }),
    };
  },
  'topics.delete': ({ names, confirmed }) => (confirmed ? deletion(names) : dryDeletion(names)),
  'offsets.list': ({ names, options }) => ({ run: (requests) => topicOffsets(requests, names, options) }),
  'configs.describe': ({ names, options }) => ({
    run: (requests) => resourceConfigs(requests, names, options),
  }),
  'groups.list': ({ options }) => ({ run: (requests) => listedGroups(requests, options) }),
  'groups.describe': ({ names }) => ({ run: (requests) => describeGroups(requests, names) }),
  'groups.lag': ({ names, options }) => ({ run: (requests) => groupLag(requests, names, options) }),
  'cluster.describe': () => ({ run: (requests) => describeCluster(requests) }),
};

/** Checks operation, target and options before the first request. @throws Problem of what is invalid */
export function prepareOperation(request: AdminRequest): Prepared {
  const operation = operationOf(request.operation);
  const options = readOptions(operation, membersOf(request.options));
  const { resource, dryRun } = options as { resource?: string; dryRun?: boolean };
  const names = readTarget(operation, request.target, resource);
  const confirmed = dryRun !== true && confirms(request.confirm, names);
  const prepare = preparations[operation] as Preparation<Operation>;
  return { operation, ...prepare({ names, options, confirmed } as Input<Operation>) };
}

function membersOf(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null || value === '') return {};
  if (!hasMembers(value)) throw new Problem('options-invalid', { type: typeName(value) });
  return value as Record<string, unknown>;
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

const dryDeletion = (names: string[]): Omit<Prepared, 'operation'> => ({
  run: async (requests) => ({ dryRun: true, deleted: false, topics: await describeTopics(requests, names) }),
});

function deletion(names: string[]): Omit<Prepared, 'operation'> {
  const changes = new TopicChanges();
  let topics: TopicDescription[] | undefined;
  return {
    changes,
    async run(requests, signal) {
      // Once: a later attempt would not find the topics that an earlier one deleted.
      topics ??= await describeTopics(requests, names);
      await deleteTopics(requests, names, changes, signal);
      return { dryRun: false, deleted: true, topics };
    },
  };
}
