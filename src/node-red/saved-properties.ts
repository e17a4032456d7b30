import type { NodeDef } from 'node-red';
import { fillIn, type Variable } from '../util/env-variable';
import { Problem } from '../util/problem';

/** One saved property of a node: its default and its valid values. The dialog, the runtime and the tests read it. */
export interface SavedProperty {
  /** The value of a property that the flow lacks. */
  readonly default: unknown;
  /** Marks a number and is the smallest valid one. A blank field counts as the default. */
  readonly minimum?: number;
  /** Only integers are valid. */
  readonly integer?: boolean;
  /** Of an integer: the largest valid one. */
  readonly maximum?: number;
  /** Marks a choice and lists its valid values. A blank choice counts as the default. */
  readonly choices?: readonly string[];
}

/** All saved properties of a node type, by name. */
export type PropertyTable = Readonly<Record<string, SavedProperty>>;

type Widened<Value> = Value extends string ? string : Value extends boolean ? boolean : Value;

/** The values that a flow may hold. A number may be a string: an environment variable leaves one. */
export type SavedValues<Table extends PropertyTable> = {
  -readonly [Name in keyof Table]: Table[Name] extends { minimum: number }
    ? number | string
    : Widened<Table[Name]['default']>;
};

/** A node as Node-RED passes it to its constructor; a flow of another version may lack properties. */
export type SavedNode<Table extends PropertyTable> = NodeDef & Partial<SavedValues<Table>>;

type NamesOf<Table extends PropertyTable, Kind> = {
  [Name in keyof Table]: Table[Name] extends Kind ? Name : never;
}[keyof Table] &
  string;

/** The names of the numbers in a table. */
export type NumberName<Table extends PropertyTable> = NamesOf<Table, { minimum: number }>;
/** The names of the choices in a table. */
export type ChoiceName<Table extends PropertyTable> = NamesOf<Table, { choices: readonly string[] }>;

type NumberValue<Property extends SavedProperty> = Property['default'] extends number
  ? number
  : number | undefined;
type ChoiceValue<Property extends SavedProperty> = NonNullable<Property['choices']>[number];

/** The saved properties of one node, read by the table of its type. */
export class SavedProperties<Table extends PropertyTable> {
  /** @param variable the environment variables of the node; undefined: the texts are filled in already */
  constructor(
    private readonly table: Table,
    private readonly saved: Partial<SavedValues<Table>>,
    private readonly variable?: Variable,
  ) {}

  /** The value as saved, or the default where the flow lacks the property. */
  get<Name extends keyof Table & string>(name: Name): SavedValues<Table>[Name] {
    const value = this.saved[name];
    return value === undefined ? (this.table[name]?.default as SavedValues<Table>[Name]) : value;
  }

  /**
   * A text with the values of its environment variables.
   * @throws Problem "env-unset"
   */
  text(name: keyof Table & string): string {
    const text = String(this.get(name));
    return this.variable ? fillIn(name, text, this.variable) : text;
  }

  /**
   * A number, in the unit of its field.
   * @returns undefined where the field and its default are blank
   * @throws Problem "number-invalid", "integer-invalid" or "integer-too-large"
   */
  number<Name extends NumberName<Table>>(name: Name): NumberValue<Table[Name]> {
    const value = this.valid(name);
    return (value === '' ? undefined : Number(value)) as NumberValue<Table[Name]>;
  }

  /**
   * One of the values that the table lists.
   * @throws Problem "setting-unknown"
   */
  choice<Name extends ChoiceName<Table>>(name: Name): ChoiceValue<Table[Name]> {
    return String(this.valid(name)) as ChoiceValue<Table[Name]>;
  }

  private valid(name: string): unknown {
    const property = this.table[name] as SavedProperty;
    const value = this.get(name);
    const problem = propertyProblem(name, value, property);
    if (problem) throw problem;
    return isBlank(value) ? property.default : value;
  }
}

/**
 * Checks a saved value of a number or of a choice.
 * @param field its name, for the sentence
 * @returns "number-invalid", "integer-invalid", "integer-too-large", "setting-unknown", or undefined for a valid value
 */
export function propertyProblem(field: string, value: unknown, property: SavedProperty): Problem | undefined {
  const { minimum: least, integer, maximum: most, choices } = property;
  if (isBlank(value)) return undefined;
  if (choices && !choices.includes(String(value))) {
    return new Problem('setting-unknown', { field, value: String(value) });
  }
  if (least === undefined) return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (integer && !(Number.isInteger(number) && Number(number) >= least)) {
    return new Problem('integer-invalid', { field, least });
  }
  if (most !== undefined && Number(number) > most) return new Problem('integer-too-large', { field, most });
  return Number.isFinite(number) && Number(number) >= least
    ? undefined
    : new Problem('number-invalid', { field, least });
}

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
