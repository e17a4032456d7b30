import type {
  EditorNodeCredential,
  EditorNodeInstance,
  EditorNodeProperties,
  EditorNodePropertyDef,
} from 'node-red';
import { type PropertyTable, propertyProblem, type SavedValues } from '../src/node-red/saved-properties';
import { envVariable, variablesIn } from '../src/util/env-variable';
import { reachConfigButtons } from './config-buttons.editor';
import { fieldNote } from './field-note.editor';
import { sentence, sentenceOf } from './sentences.editor';

/** The properties of a node in the editor. */
export type DialogProperties<Table extends PropertyTable> = EditorNodeProperties & SavedValues<Table>;

/** A node in the editor. */
export type DialogNode<Table extends PropertyTable> = EditorNodeInstance<DialogProperties<Table>>;

/** Checks a property of a saved or of an open node. @returns true, or the sentence of what is invalid */
export type Check<Value, Node = unknown> = (value: Value, node: Node) => true | string;

interface PropertyOptions<Value, Node> {
  /** The type of the config node that the property names. */
  type?: string;
  required?: boolean;
  /** Replaces the check by the table. */
  validate?: Check<Value, Node>;
}

/** Whether a field is an environment variable, which has no value before Node-RED fills it in. */
export const isVariable = (value: unknown): boolean =>
  typeof value === 'string' && envVariable(value) !== undefined;

/** Whether a field has an environment variable as a part of its text, or as its whole text. */
export const hasVariable = (value: unknown): boolean =>
  typeof value === 'string' && variablesIn(value).length > 0;

/** Whether a typed input shows the field. */
const isTyped = (input: JQuery): boolean => input.next('.red-ui-typedInput-container').length > 0;

/** Checks a config node that a property names. */
export const validConfig =
  (what: string): Check<string> =>
  (id) => {
    if (!id || id === '_ADD_') return sentence('no-config', { what });
    const config = RED.nodes.node(id) as { valid?: boolean } | null;
    if (!config) return sentence('config-missing', { what });
    return config.valid !== false || sentence('config-node-invalid', { what });
  };

/** The dialog of a node type, by the table of its saved properties. */
export class DialogForm<Table extends PropertyTable> {
  private readonly checks = new Map<string, Check<never, DialogNode<Table>>>();
  /** The types of the config nodes that properties name. */
  private readonly configTypes: Record<string, string> = {};

  constructor(
    private readonly table: Table,
    private readonly prefix: 'node-input' | 'node-config-input',
  ) {}

  /** A property's entry in the `defaults` of a node type. Numbers and choices are checked by the table. */
  property<Name extends keyof Table & string>(
    name: Name,
    { validate, ...options }: PropertyOptions<SavedValues<Table>[Name], DialogNode<Table>> = {},
  ): EditorNodePropertyDef<SavedValues<Table>[Name], DialogProperties<Table>> {
    const { default: value, minimum, choices } = this.table[name] as Table[Name];
    const byTable = minimum === undefined && choices === undefined ? undefined : this.checkOf(name);
    const check = validate ?? byTable;
    if (check) this.checks.set(name, check);
    if (options.type !== undefined) this.configTypes[name] = options.type;
    return {
      value: value as SavedValues<Table>[Name],
      ...options,
      ...(check ? { validate: this.validator(check) } : {}),
    };
  }

  /** A credential's entry in the `credentials` of a node type. */
  credential(
    name: string,
    type: EditorNodeCredential,
    check: Check<string, DialogNode<Table>>,
  ): EditorNodeCredential {
    this.checks.set(name, check);
    return { ...type, validate: this.validator(check) };
  }

  /**
   * Shows below each invalid field why it is, now and after each change; for the end of `oneditprepare`. Opens the sections
   * that have something to show, and lets the keyboard reach all buttons.
   * @param options.rows where the sentence of a property is shown that has no field of its name
   * @param options.isShown false for a property whose problems are shown elsewhere
   */
  showProblems(
    node: DialogNode<Table>,
    {
      rows = {},
      isShown = () => true,
    }: { rows?: Record<string, JQuery>; isShown?(name: string): boolean } = {},
  ): void {
    const names = [...new Set([...Object.keys(this.table), ...this.checks.keys()])];
    const notes = names.flatMap((name) => {
      const input = this.input(name);
      const row = rows[name];
      // The type of a typed input has a hidden field.
      const isHidden = input.length === 0 || (input.is('[type=hidden]') && !isTyped(input));
      if (isHidden && !row) return [];
      return [{ name, show: fieldNote(row ? row.find('input, ol').first() : input, row) }];
    });
    const update = (): void => {
      for (const { name, show } of notes) show(isShown(name) ? this.problemOf(name, node) : '');
    };
    // After Node-RED's own handlers, which fill in the fields of typed inputs.
    const later = (): void => void setTimeout(update);
    this.input('name').closest('form').on('input change keyup', later);
    update();
    this.openSections(node);
    reachConfigButtons(this.prefix, this.configTypes);
  }

  /** Expands the sections in which a field is invalid, or has another value than its default. */
  private openSections(node: DialogNode<Table>): void {
    const saved = node as unknown as Record<string, unknown>;
    const isUsual = (name: string): boolean => {
      const { default: usual, minimum } = this.table[name] as Table[string];
      const value = saved[name] ?? usual;
      // A blank number has its default.
      return String(value) === String(usual) || (value === '' && minimum !== undefined);
    };
    for (const section of this.input('name').closest('form').find('details').get()) {
      const names = Object.keys(this.table).filter(
        (name) => $(section).has(this.input(name).get(0) as Element).length > 0,
      );
      const isOpen = names.some((name) => !isUsual(name) || this.problemOf(name, node) !== '');
      $(section).prop('open', isOpen);
    }
  }

  /** Why a field of the open dialog is invalid, as a sentence; '': it is valid. */
  private problemOf(name: string, node: DialogNode<Table>): string {
    const input = this.input(name);
    const value = input.attr('type') === 'checkbox' ? input.prop('checked') : input.val();
    const check = this.checks.get(name);
    if (isVariable(value)) return '';
    const result = check
      ? check(value as never, node)
      : !isTyped(input) || input.typedInput('validate', { returnErrorMessage: true });
    return typeof result === 'string' ? result : '';
  }

  /**
   * A check as Node-RED calls it. It shows the sentence of a validator only if that has two parameters.
   */
  private validator<Value>(check: Check<Value, DialogNode<Table>>): Validator<Table> {
    const validate = function (this: DialogNode<Table>, value: Value, _options: unknown): true | string {
      return check(value, this);
    };
    // @types/node-red declares one parameter and no sentences.
    return validate as unknown as Validator<Table>;
  }

  /** The check of a number or of a choice by the table. */
  checkOf(name: keyof Table & string): (value: unknown) => true | string {
    return (value) => {
      const problem = isVariable(value)
        ? undefined
        : propertyProblem(name, value, this.table[name] as Table[string]);
      return problem === undefined || sentenceOf(problem);
    };
  }

  /** The input of a field in the open dialog. */
  input(name: string): JQuery {
    return $(`#${this.prefix}-${name}`);
  }

  /** What is entered in a field of the open dialog. */
  entered(name: string): string {
    return String(this.input(name).val() ?? '');
  }

  isChecked(name: string): boolean {
    return this.input(name).is(':checked');
  }

  /** A text property: as entered where the dialog is open, else as saved. */
  current<Name extends keyof Table & string>(node: DialogNode<Table>, name: Name): string {
    const saved = (node as Partial<SavedValues<Table>>)[name] ?? this.table[name]?.default;
    return this.input(name).length > 0 ? this.entered(name) : String(saved);
  }

  /** Fills in the default of each property that the saved node lacks; for `oneditprepare`. */
  fillMissing(node: object): void {
    const saved = node as Record<string, unknown>;
    for (const [name, { default: value }] of Object.entries(this.table)) {
      if (saved[name] !== undefined) continue;
      saved[name] = structuredClone(value);
      const input = this.input(name);
      if (input.attr('type') === 'checkbox') input.prop('checked', value === true);
      else input.val(value as string);
    }
  }

  /**
   * Saves number fields as numbers; for `oneditsave`. Node-RED reads every input as a string afterwards and
   * skips those that it does not find.
   */
  saveNumbers(node: object): void {
    for (const [name, { minimum }] of Object.entries(this.table)) {
      if (minimum === undefined || this.input(name).length === 0) continue;
      const text = this.entered(name).trim();
      const number = Number(text);
      Object.assign(node, { [name]: text === '' || !Number.isFinite(number) ? text : number });
      this.input(name).removeAttr('id');
    }
  }
}

type Validator<Table extends PropertyTable> = NonNullable<
  EditorNodePropertyDef<unknown, DialogProperties<Table>>['validate']
>;
