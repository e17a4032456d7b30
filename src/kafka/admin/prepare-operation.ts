import { Problem } from '../../util/problem';
import type { BrokerRequests } from '../connection/broker-requests';
import { hasMembers, typeName } from '../delivery/record/type-name';
import { listAcls, planCreateAcls, planDeleteAcls } from './acls/acls';
import { describeCluster } from './cluster/describe-cluster';
import { planConfigs } from './configs/change-configs';
import { resourceConfigs } from './configs/describe-configs';
import { planDeleteGroups, planDeleteOffsets } from './groups/change-groups';
import { describeGroups } from './groups/describe-groups';
import { groupLag } from './groups/group-lag';
import { listedGroups } from './groups/list-groups';
import { planReset } from './groups/reset-offsets';
import { topicOffsets } from './offsets/list-offsets';
import { OPERATIONS, type Operation, type OptionsOf } from './operations';
import { readOptions } from './option-values';
import type { Planned } from './planned';
import { peekRecords } from './records/peek';
import { confirms, readTarget } from './targets';
import { TopicChanges } from './topic-changes';
import { planPartitions } from './topics/add-partitions';
import { planDeleteRecords, planEmpty } from './topics/delete-records';
import { planDeleteTopics } from './topics/delete-topics';
import { describeTopics } from './topics/describe-topics';
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
  /** Called again for each attempt. @param deadline `performance.now()` at the time limit */
  run(requests: BrokerRequests, signal: AbortSignal, deadline: number): Promise<unknown>;
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
  'topics.delete': (input) => changing(input, (requests) => planDeleteTopics(requests, input.names)),
  'topics.addPartitions': (input) =>
    changing(input, (requests) => planPartitions(requests, input.names, input.options)),
  'topics.empty': (input) => changing(input, (requests) => planEmpty(requests, input.names)),
  'records.delete': (input) =>
    changing(input, (requests) => planDeleteRecords(requests, input.names[0] ?? '', input.options)),
  'records.peek': ({ names, options }) => ({
    run: (requests, _signal, deadline) => peekRecords(requests, names[0] ?? '', options, deadline),
  }),
  'configs.change': (input) =>
    changing(input, (requests) => planConfigs(requests, input.names, input.options)),
  'groups.resetOffsets': (input) =>
    changing(input, (requests) => planReset(requests, input.names[0] ?? '', input.options)),
  'acls.list': ({ names, options }) => ({ run: (requests) => listAcls(requests, names[0], options) }),
  'acls.create': (input) =>
    changing(input, (requests) => planCreateAcls(requests, input.names[0] ?? '', input.options)),
  'acls.delete': (input) =>
    changing(input, (requests) => planDeleteAcls(requests, input.names[0] ?? '', input.options)),
  'groups.delete': (input) => changing(input, (requests) => planDeleteGroups(requests, input.names)),
  'groups.deleteOffsets': (input) =>
    changing(input, (requests) => planDeleteOffsets(requests, input.names[0] ?? '', input.options)),
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

/** An operation that destroys or moves data: planned once, then carried out where it is confirmed. */
function changing(
  { confirmed }: { confirmed: boolean },
  plan: (requests: BrokerRequests) => Promise<Planned>,
): Omit<Prepared, 'operation'> {
  if (!confirmed) {
    return { run: async (requests) => ({ dryRun: true, ...(await plan(requests)).answer }) };
  }
  const changes = new TopicChanges();
  let planned: Planned | undefined;
  return {
    changes,
    async run(requests, signal) {
      // Once: a later attempt would plan for what an earlier one left.
      planned ??= await plan(requests);
      const changed = await planned.apply(requests, changes, signal);
      return { dryRun: false, ...planned.answer, ...changed };
    },
  };
}
