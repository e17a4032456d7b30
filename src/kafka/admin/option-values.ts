import type { SentenceKey } from '../../util/english';
import { Problem, type ProblemParams } from '../../util/problem';
import {
  type Operation,
  type OperationSchema,
  type OptionSchema,
  type OptionsOf,
  operationSchemas,
} from './operations';

const ageUnits: Record<string, number> = {
  ...{ ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 },
};
/** The largest time of a Date. */
const latestMs = 8.64e15;

/**
 * Checks the options of an operation against its schema.
 * @returns all options of the schema, with defaults for those left out; blank ones count as left out
 * @throws Problem "option-unknown", "option-invalid" or "option-missing"
 */
export function readOptions<Name extends Operation>(
  operation: Name,
  given: Record<string, unknown>,
): OptionsOf<Name> {
  const { options: schemas, exclusive = [], required = [] }: OperationSchema = operationSchemas[operation];
  const names = Object.keys(schemas);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length > 0 ? names.join(', ') : new Problem('option-none', { operation });
    throw new Problem('option-unknown', { option: unknown.slice(0, 60), known });
  }
  const isGiven = (name: string): boolean => !isBlank(given[name]);
  for (const list of exclusive) {
    const [option, other] = list.filter(isGiven);
    if (option && other) throw invalid(other, 'option-alone', { other: option });
  }
  if (required.length > 0 && !required.some(isGiven)) {
    throw new Problem('option-missing', { operation, options: required.join(', ') });
  }
  const read = Object.entries(schemas).map(([name, schema]) => [
    name,
    isGiven(name) ? readers[schema.type](name, given[name], schema) : schema.default,
  ]);
  return Object.fromEntries(read) as OptionsOf<Name>;
}

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '';

const readers: Record<
  OptionSchema['type'],
  (option: string, value: unknown, schema: OptionSchema) => unknown
> = {
  flag(option, value) {
    if (typeof value === 'boolean') return value;
    throw invalid(option, 'option-true-or-false');
  },
  count(option, value, { maximum }) {
    const number = integerOf(value);
    if (number !== undefined && number >= 1 && number <= (maximum ?? number)) return number;
    throw maximum === undefined
      ? invalid(option, 'option-positive-integer')
      : invalid(option, 'option-count', { most: maximum });
  },
  choice(option, value, { choices = [] }) {
    if (choices.includes(value as string)) return value;
    throw invalid(option, 'option-choice', { choices: choices.join(', ') });
  },
  choices(option, value, { choices = [] }) {
    const list = namesIn(value);
    const found = list?.map((name) => choices.find((choice) => sameWord(choice, name)));
    if (found?.every((choice) => choice !== undefined)) return found;
    throw invalid(option, 'option-choices', { choices: choices.join(', ') });
  },
  name(option, value) {
    if (typeof value === 'string') return value;
    throw invalid(option, 'option-name');
  },
  names(option, value) {
    const list = namesIn(value);
    if (list) return list;
    throw invalid(option, 'option-names');
  },
  configs(option, value) {
    if (!isObject(value)) throw invalid(option, 'option-object');
    const entries = Object.entries(value as object).filter(([, config]) => config !== undefined);
    return Object.fromEntries(entries.map(([name, config]) => [name, configText(option, name, config)]));
  },
  replicas(option, value) {
    // As Kafka's tool takes it: "1:2, 2:3".
    const lists =
      typeof value === 'string' ? value.split(',').map((brokers) => brokers.trim().split(':')) : value;
    const isValid =
      Array.isArray(lists) &&
      lists.length > 0 &&
      lists.every(
        (brokers) =>
          Array.isArray(brokers) &&
          brokers.length > 0 &&
          new Set(brokers.map(String)).size === brokers.length &&
          brokers.every((broker) => (integerOf(broker) ?? -1) >= 0),
      );
    if (isValid) return lists.map((brokers: unknown[]) => brokers.map(Number));
    throw invalid(option, 'option-replicas');
  },
  time(option, value) {
    const time = readTime(value);
    if (time !== undefined && time >= 0 && time <= latestMs) return time;
    throw invalid(option, 'option-time');
  },
  integer(option, value) {
    const number = typeof value === 'string' && /^[+-]?\d{1,15}$/.test(value) ? Number(value) : value;
    if (Number.isSafeInteger(number)) return number;
    throw invalid(option, 'option-integer');
  },
  offset(option, value) {
    const offset = offsetOf(value);
    if (offset !== undefined) return offset;
    throw invalid(option, 'option-offset');
  },
  offsets(option, value) {
    const offsets = offsetsIn(value);
    if (offsets) return offsets;
    throw invalid(option, 'option-offsets');
  },
  groupOffsets(option, value) {
    const topics = isObject(value) ? Object.entries(value as object) : [];
    const read = topics.map(([topic, offsets]) => [topic, offsetsIn(offsets)] as const);
    if (read.length === 0 || read.some(([, offsets]) => !offsets))
      throw invalid(option, 'option-group-offsets');
    return new Map(
      read.flatMap(([topic, offsets]) =>
        [...(offsets ?? [])].map(([partition, offset]) => [`${topic}/${partition}`, offset] as const),
      ),
    );
  },
  ids(option, value) {
    const list = typeof value === 'string' ? value.split(',').map((id) => id.trim()) : [value].flat();
    const ids = list.map(integerOf);
    if (ids.length > 0 && ids.every((id) => id !== undefined && id >= 0)) return [...new Set(ids)];
    throw invalid(option, 'option-ids');
  },
  lists(option, value) {
    if (!isObject(value)) throw invalid(option, 'option-object');
    const entries = Object.entries(value as object).map(([name, list]) => [
      name,
      Array.isArray(list)
        ? list.map((one) => configText(option, name, one)).join(',')
        : configText(option, name, list),
    ]);
    return Object.fromEntries(entries);
  },
  age(option, value) {
    const [, count, unit = ''] = /^\s*(\d{1,10}(?:\.\d{1,3})?)\s*([a-z]+)\s*$/i.exec(String(value)) ?? [];
    const size = ageUnits[unit.toLowerCase()];
    if (typeof value === 'string' && count !== undefined && size) return Number(count) * size;
    throw invalid(option, 'option-age');
  },
};

const invalid = (option: string, want: SentenceKey, params?: ProblemParams): Problem =>
  new Problem('option-invalid', { option, want: new Problem(want, params) });

const sameWord = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** An integer, also as digits. */
function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** A Map, for example, has a tag of its own. */
const isObject = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Object]';

/** A non-negative offset: an integer or its digits. */
function offsetOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value >= 0n ? value : undefined;
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
}

/** Offsets by partition, as in {"0": "4"}. */
function offsetsIn(value: unknown): Map<number, bigint> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value as object);
  const offsets = entries.map(([partition, offset]) => [integerOf(partition), offsetOf(offset)] as const);
  if (offsets.length === 0 || offsets.some((pair) => pair.includes(undefined))) return undefined;
  return new Map(offsets as Array<readonly [number, bigint]>);
}

/** Names in an array, or separated by commas; each once. */
function namesIn(value: unknown): string[] | undefined {
  const names = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  const found = [...new Set(names.map((name) => name.trim()))].filter((name) => name !== '');
  return found.length > 0 ? found : undefined;
}

/** Epoch ms of milliseconds, digits, a Date or ISO 8601. A date without a zone is local, as in JavaScript. */
export function readTime(value: unknown): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,16}$/.test(value)) return Number(value);
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function configText(option: string, name: string, value: unknown): string {
  const isText = typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint';
  if (isText || Number.isFinite(value)) return String(value);
  throw invalid(`${option}.${name}`, 'option-text');
}
