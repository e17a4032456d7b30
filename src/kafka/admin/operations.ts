/** What an option's value is. See option-values.ts for how each is read. */
export type OptionType =
  | 'flag'
  | 'count'
  | 'choice'
  | 'choices'
  | 'names'
  | 'configs'
  | 'replicas'
  | 'time'
  | 'age'
  | 'integer'
  | 'offset'
  | 'offsets'
  | 'groupOffsets'
  | 'ids'
  | 'lists'
  | 'name';

export interface OptionSchema {
  type: OptionType;
  /** The valid values of a choice. */
  choices?: readonly string[];
  /** The largest valid count. */
  maximum?: number;
  /** Where the option is left out; absent: undefined. */
  default?: unknown;
}

/** What an operation is applied to: any number, or one. Names of groups may contain commas. */
export type TargetKind =
  | 'none'
  | 'topics'
  | 'topic'
  | 'groups'
  | 'group'
  | 'resources'
  | 'principal'
  | 'anyPrincipal';

export interface OperationSchema {
  target: TargetKind;
  /** It destroys or moves data: without confirmation it is a dry run. */
  destructive?: true;
  options: Readonly<Record<string, OptionSchema>>;
  /** At most one option of each list. */
  exclusive?: readonly (readonly string[])[];
  /** At least one of these. */
  required?: readonly string[];
}

const aclOptions = {
  resource: { type: 'choice', choices: ['topic', 'group', 'cluster', 'transactionalId'] },
  name: { type: 'name' },
  operations: {
    type: 'choices',
    choices: [
      ...(['read', 'write', 'create', 'delete', 'alter', 'describe', 'clusterAction'] as const),
      ...(['describeConfigs', 'alterConfigs', 'idempotentWrite', 'all'] as const),
    ],
  },
  pattern: { type: 'choice', choices: ['literal', 'prefixed'] },
  host: { type: 'name' },
  permission: { type: 'choice', choices: ['allow', 'deny'] },
} as const;

const flag = { type: 'flag', default: false } as const;
const groupTypes = ['classic', 'consumer', 'share', 'streams'] as const;
const groupStates = [
  ...['Stable', 'Empty', 'PreparingRebalance', 'CompletingRebalance', 'Assigning', 'Reconciling', 'Dead'],
  'NotReady',
] as const;

/** The operations of kafka-admin, with their options: messages, dialog and help go by this table. */
export const operationSchemas = {
  'topics.list': { target: 'none', options: { internal: flag } },
  'topics.describe': { target: 'topics', options: {} },
  'topics.ensure': {
    target: 'topics',
    options: {
      partitions: { type: 'count' },
      replicationFactor: { type: 'count' },
      configs: { type: 'configs' },
      replicas: { type: 'replicas' },
      dryRun: flag,
    },
    exclusive: [
      ['partitions', 'replicas'],
      ['replicationFactor', 'replicas'],
    ],
  },
  'topics.delete': { target: 'topics', destructive: true, options: { dryRun: flag } },
  'offsets.list': {
    target: 'topics',
    options: {
      time: { type: 'time' },
      age: { type: 'age' },
      isolation: { type: 'choice', choices: ['uncommitted', 'committed'], default: 'uncommitted' },
    },
    exclusive: [['time', 'age']],
  },
  'configs.describe': {
    target: 'resources',
    options: { resource: { type: 'choice', choices: ['topic', 'broker'], default: 'topic' }, all: flag },
  },
  'groups.list': {
    target: 'none',
    options: {
      types: { type: 'choices', choices: groupTypes },
      states: { type: 'choices', choices: groupStates },
    },
  },
  'groups.describe': { target: 'groups', options: {} },
  'groups.lag': { target: 'groups', options: { topics: { type: 'names' } } },
  'cluster.describe': { target: 'none', options: {} },
  'topics.addPartitions': {
    target: 'topics',
    destructive: true,
    options: { partitions: { type: 'count' }, replicas: { type: 'replicas' }, dryRun: flag },
    required: ['partitions'],
  },
  'topics.empty': { target: 'topics', destructive: true, options: { dryRun: flag } },
  'records.delete': {
    target: 'topic',
    destructive: true,
    options: {
      offset: { type: 'offset' },
      offsets: { type: 'offsets' },
      time: { type: 'time' },
      age: { type: 'age' },
      partitions: { type: 'ids' },
      dryRun: flag,
    },
    exclusive: [
      ['offset', 'offsets', 'time', 'age'],
      ['offsets', 'partitions'],
    ],
    required: ['offset', 'offsets', 'time', 'age'],
  },
  'records.peek': {
    target: 'topic',
    options: {
      last: { type: 'count', maximum: 10_000 },
      offset: { type: 'offset' },
      offsets: { type: 'offsets' },
      time: { type: 'time' },
      age: { type: 'age' },
      partitions: { type: 'ids' },
      limit: { type: 'count', maximum: 10_000, default: 100 },
      bytes: { type: 'count', maximum: 100_000_000, default: 1_000_000 },
      format: { type: 'choice', choices: ['text', 'json', 'buffer'], default: 'text' },
      isolation: { type: 'choice', choices: ['committed', 'uncommitted'], default: 'committed' },
    },
    exclusive: [
      ['last', 'offset', 'offsets', 'time', 'age'],
      ['offsets', 'partitions'],
      ['last', 'limit'],
    ],
  },
  'configs.change': {
    target: 'resources',
    destructive: true,
    options: {
      resource: { type: 'choice', choices: ['topic', 'broker'], default: 'topic' },
      set: { type: 'configs' },
      unset: { type: 'names' },
      append: { type: 'lists' },
      subtract: { type: 'lists' },
      dryRun: flag,
    },
    required: ['set', 'unset', 'append', 'subtract'],
  },
  'groups.resetOffsets': {
    target: 'group',
    destructive: true,
    options: {
      topics: { type: 'names' },
      to: { type: 'choice', choices: ['earliest', 'latest'] },
      offset: { type: 'offset' },
      time: { type: 'time' },
      age: { type: 'age' },
      shift: { type: 'integer' },
      offsets: { type: 'groupOffsets' },
      create: flag,
      dryRun: flag,
    },
    exclusive: [
      ['to', 'offset', 'time', 'age', 'shift', 'offsets'],
      ['topics', 'offsets'],
    ],
    required: ['to', 'offset', 'time', 'age', 'shift', 'offsets'],
  },
  'groups.delete': { target: 'groups', destructive: true, options: { dryRun: flag } },
  'groups.deleteOffsets': {
    target: 'group',
    destructive: true,
    options: { topics: { type: 'names' }, dryRun: flag },
  },
  'acls.list': { target: 'anyPrincipal', options: aclOptions },
  'acls.create': {
    target: 'principal',
    destructive: true,
    options: {
      ...aclOptions,
      pattern: { ...aclOptions.pattern, default: 'literal' },
      host: { type: 'name', default: '*' },
      permission: { ...aclOptions.permission, default: 'allow' },
      dryRun: flag,
    },
  },
  'acls.delete': { target: 'principal', destructive: true, options: { ...aclOptions, dryRun: flag } },
} as const satisfies Record<string, OperationSchema>;

export type Operation = keyof typeof operationSchemas;

export const OPERATIONS = Object.keys(operationSchemas) as Operation[];

interface ValueOf {
  flag: boolean;
  count: number;
  choice: string;
  choices: string[];
  names: string[];
  configs: Record<string, string>;
  replicas: number[][];
  time: number;
  age: number;
  integer: number;
  offset: bigint;
  /** By partition. */
  offsets: Map<number, bigint>;
  /** By "topic/partition". */
  groupOffsets: Map<string, bigint>;
  ids: number[];
  lists: Record<string, string>;
  name: string;
}

type Schemas = typeof operationSchemas;

/** The checked options of an operation. A time is epoch ms, an age ms. */
export type OptionsOf<Name extends Operation> = {
  [Option in keyof Schemas[Name]['options']]: Schemas[Name]['options'][Option] extends {
    type: infer Type extends OptionType;
  }
    ? Schemas[Name]['options'][Option] extends { default: unknown }
      ? ValueOf[Type]
      : ValueOf[Type] | undefined
    : never;
};
