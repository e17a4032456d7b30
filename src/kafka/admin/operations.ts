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
  | 'age';

export interface OptionSchema {
  type: OptionType;
  /** The valid values of a choice. */
  choices?: readonly string[];
  /** Where the option is left out; absent: undefined. */
  default?: unknown;
}

/** What an operation is applied to. Names of groups may contain commas. */
export type TargetKind = 'none' | 'topics' | 'groups' | 'resources';

export interface OperationSchema {
  target: TargetKind;
  /** It destroys or moves data: without confirmation it is a dry run. */
  destructive?: true;
  options: Readonly<Record<string, OptionSchema>>;
  /** At most one option of each list. */
  exclusive?: readonly (readonly string[])[];
}

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
