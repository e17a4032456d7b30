import type { OperationSchema, OptionSchema, OptionType } from '../../src/kafka/admin/operations';
import { completeNames, type NameKind } from '../cluster-names.editor';
import { fieldNote } from '../field-note.editor';
import { dateField } from './date-field.editor';
import {
  configRows,
  groupOffsetRows,
  type OptionInput,
  offsetRows,
  type Rows,
  rowsField,
  type Text,
} from './option-rows.editor';

/** The row of one option in the open dialog. */
interface Field extends Pick<OptionInput, 'value'> {
  row: JQuery;
}

const prefix = 'node-input-option';

/** The fields of an operation's options in the open dialog. */
export interface OptionFields {
  /** The options that are entered. */
  read(): Record<string, unknown>;
  /** Shows a sentence below the field of an option, or below all; '': none. */
  showProblem(option: string, sentence: string): void;
}

/**
 * Shows a field for each option of an operation.
 * @param box gets the rows
 * @param values of the options, as saved; see `fitsFields`
 * @param onChange called after each change
 */
export function showOptionFields(
  box: JQuery,
  { options }: OperationSchema,
  values: Record<string, unknown>,
  text: Text,
  onChange: () => void,
): OptionFields {
  box.empty();
  const fields = Object.entries(options).map(([name, schema]) => {
    const field = kinds[schema.type](name, schema, values[name], text);
    box.append(field.row);
    return [name, field] as const;
  });
  // On the box: rows are added later.
  box.off('.options').on('input.options change.options', onChange);
  const last = $('<div class="form-row">');
  box.append(last);
  const notes = new Map(fields.map(([name, { row }]) => [name, fieldNote(row.find(`#${idOf(name)}`), row)]));
  notes.set('', fieldNote($(), last));
  return {
    read() {
      const entered = fields.map(([name, { value }]) => [name, value()] as const);
      return Object.fromEntries(entered.filter(([, value]) => value !== undefined));
    },
    showProblem(option, sentence) {
      const place = notes.has(option) ? option : '';
      for (const [name, show] of notes) show(name === place ? sentence : '');
      last.toggle(place === '' && sentence !== '');
    },
  };
}

/** Whether fields can show all values without loss; otherwise they stay JSON. */
export function fitsFields({ options }: OperationSchema, values: Record<string, unknown>): boolean {
  return Object.entries(values).every(([name, value]) => {
    const type = options[name]?.type;
    return type !== undefined && (value === null || shapes[type](value));
  });
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const isObject = (value: unknown): boolean => Object.prototype.toString.call(value) === '[object Object]';
const isObjectOf =
  (isValue: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isObject(value) && Object.values(value as object).every(isValue);
const isListOf =
  (isItem: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isScalar(value) || (Array.isArray(value) && value.every(isItem));
const isList = isListOf(isScalar);

const shapes: Record<OptionType, (value: unknown) => boolean> = {
  ...{ flag: (value) => typeof value === 'boolean', choice: isScalar, count: isScalar, name: isScalar },
  ...{ time: isScalar, age: isScalar, integer: isScalar, offset: isScalar },
  ...{ choices: isList, names: isList, ids: isList, replicas: isListOf(isList) },
  ...{ configs: isObjectOf(isScalar), lists: isObjectOf(isList), offsets: isObjectOf(isScalar) },
  groupOffsets: isObjectOf(isObjectOf(isScalar)),
};

const kinds: Record<OptionType, (name: string, schema: OptionSchema, value: unknown, text: Text) => Field> = {
  flag(name, _schema, value, text) {
    const input = $('<input type="checkbox">')
      .attr('id', idOf(name))
      .prop('checked', value === true)
      .css({ width: 'auto', 'vertical-align': 'top' });
    return { row: rowOf(name, input, text), value: () => (input.prop('checked') ? true : undefined) };
  },
  choice(name, { choices = [], default: first }, value, text) {
    const input = $('<select>').attr('id', idOf(name)).css('width', '70%');
    // Without a default the option may be left out.
    if (first === undefined) input.append($('<option>').val('').text(''));
    for (const choice of choices) input.append($('<option>').val(choice).text(choice));
    input.val(String(value ?? first ?? ''));
    const entered = (): string => String(input.val() ?? '');
    const isLeftOut = (): boolean => entered() === '' || entered() === first;
    return { row: rowOf(name, input, text), value: () => (isLeftOut() ? undefined : entered()) };
  },
  count: (name, { default: first }, value, text) => {
    const read = (entered: string): unknown => (/^\d+$/.test(entered) ? Number(entered) : entered);
    return textField(name, shownText(value), text, { read, placeholder: shownText(first) });
  },
  choices: (name, { choices = [] }, value, text) =>
    textField(name, listText(value), text, {
      ...{ read: listed, placeholder: choices.join(', '), complete: () => choices },
    }),
  name: (name, { default: first }, value, text) =>
    textField(name, shownText(value), text, { placeholder: shownText(first), complete: namesOfResource }),
  names: (name, _schema, value, text) =>
    textField(name, listText(value), text, {
      read: listed,
      complete: name === 'unset' ? resourceConfigs : () => 'topics',
    }),
  replicas: (name, _schema, value, text) =>
    textField(name, assignmentText(value), text, { placeholder: '1:2, 2:3' }),
  time: (name, _schema, value, text) => {
    const { input, value: read } = dateField(idOf(name), value);
    return { row: rowOf(name, input, text), value: read };
  },
  age: (name, _schema, value, text) => textField(name, shownText(value), text, { placeholder: '72 h' }),
  integer: (name, _schema, value, text) => textField(name, shownText(value), text, { placeholder: '-10' }),
  offset: (name, _schema, value, text) => textField(name, shownText(value), text, {}),
  ids: (name, _schema, value, text) =>
    textField(name, listText(value), text, { read: listed, placeholder: '0, 2' }),
  offsets: severalRows(offsetRows),
  groupOffsets: severalRows(groupOffsetRows),
  configs: severalRows(configRows),
  lists: severalRows(configRows),
};

const idOf = (name: string): string => `${prefix}-${name}`;

/** What is entered or chosen for another option. */
const enteredFor = (name: string): string => String($(`#${idOf(name)}`).val() ?? '');

const resourceConfigs = (): NameKind =>
  enteredFor('resource') === 'broker' ? 'brokerConfigs' : 'topicConfigs';

/** Names for an ACL's resource. */
function namesOfResource(): NameKind | readonly string[] {
  const kind = { topic: 'topics', group: 'groups' }[enteredFor('resource')];
  return (kind as NameKind | undefined) ?? [];
}

function rowOf(name: string, input: JQuery, text: Text): JQuery {
  const label = $('<label>')
    .attr('for', idOf(name))
    .text(text(`kafka-admin.options.${name}`));
  return $('<div class="form-row">').append(label, ' ', input);
}

interface TextOptions {
  /** What to save; default: the text as it is. */
  read?: (entered: string) => unknown;
  placeholder?: string;
  /** What completes the text. */
  complete?: () => NameKind | readonly string[];
}

function textField(name: string, shown: string, text: Text, options: TextOptions): Field {
  const { read = (entered: string) => entered, placeholder = '', complete } = options;
  const input = $('<input type="text">')
    .attr({ id: idOf(name), placeholder })
    .css('width', '70%')
    .val(shown);
  if (complete) completeNames(input, complete, read === listed);
  const entered = (): string => String(input.val() ?? '').trim();
  return {
    row: rowOf(name, input, text),
    value: () => (entered() === '' ? undefined : read(entered())),
  };
}

const shownText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const listText = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : shownText(value));

/** As Kafka's tool takes it: the brokers of each partition, e.g. "1:2, 2:3". */
const assignmentText = (value: unknown): string =>
  Array.isArray(value) ? value.map((brokers) => [brokers].flat().join(':')).join(', ') : shownText(value);

const listed = (entered: string): string[] =>
  entered
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function severalRows(rows: Rows) {
  return (name: string, _schema: OptionSchema, value: unknown, text: Text): Field => {
    const field = rowsField(rows, idOf(name), value, text);
    const row = rowOf(name, field.input, text);
    // Beside the first of several lines.
    row.find('label').css({ 'vertical-align': 'top', 'margin-top': '6px' });
    return { row, value: field.value };
  };
}
