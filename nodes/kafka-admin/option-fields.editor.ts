import type { OperationSchema, OptionSchema } from '../../src/kafka/admin/operations';

/** Texts of the dialog's catalogue. */
type Text = (key: string) => string;

/** The fields of one option in the open dialog. */
interface Field {
  row: JQuery;
  /** undefined: left out. */
  value(): unknown;
}

const prefix = 'node-input-option';
/** Id of the datalist that completes names of configs. */
export const configNames = 'kafka-admin-config-names';

/**
 * Shows a field for each option of an operation.
 * @param box gets the rows
 * @param values of the options, as saved
 * @param onChange called after each change
 * @returns reads the options that are entered
 */
export function showOptionFields(
  box: JQuery,
  { options }: OperationSchema,
  values: Record<string, unknown>,
  text: Text,
  onChange: () => void,
): () => Record<string, unknown> {
  box.empty();
  const fields = Object.entries(options).map(([name, schema]) => {
    const field = kinds[schema.type](name, schema, values[name], text);
    box.append(field.row);
    return [name, field] as const;
  });
  box.find('input, select').on('input change', onChange);
  return () => {
    const entered = fields.map(([name, { value }]) => [name, value()] as const);
    return Object.fromEntries(entered.filter(([, value]) => value !== undefined));
  };
}

const kinds: Record<
  OptionSchema['type'],
  (name: string, schema: OptionSchema, value: unknown, text: Text) => Field
> = {
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
    return textField(name, shownText(value), text, read, shownText(first));
  },
  choices: (name, { choices }, value, text) =>
    textField(name, listText(value), text, listed, (choices ?? []).join(', ')),
  name: (name, { default: first }, value, text) =>
    textField(name, shownText(value), text, (entered) => entered, shownText(first)),
  names: (name, _schema, value, text) => textField(name, listText(value), text, listed),
  replicas: (name, _schema, value, text) =>
    textField(name, jsonText(value), text, parsedJson, '[[1, 2], [2, 3]]'),
  time: (name, _schema, value, text) =>
    textField(name, shownText(value), text, (entered) => entered, '2026-08-22T12:00:00Z'),
  age: (name, _schema, value, text) => textField(name, shownText(value), text, (entered) => entered, '72 h'),
  integer: (name, _schema, value, text) =>
    textField(name, shownText(value), text, (entered) => entered, '-10'),
  offset: (name, _schema, value, text) => textField(name, shownText(value), text, (entered) => entered),
  offsets: (name, _schema, value, text) => textField(name, jsonText(value), text, parsedJson, '{"0": "4"}'),
  groupOffsets: (name, _schema, value, text) =>
    textField(name, jsonText(value), text, parsedJson, '{"tweets": {"0": "4"}}'),
  ids: (name, _schema, value, text) => textField(name, listText(value), text, listed, '0, 2'),
  configs: configList,
  lists: configList,
};

const idOf = (name: string): string => `${prefix}-${name}`;

function rowOf(name: string, input: JQuery, text: Text): JQuery {
  const label = $('<label>')
    .attr('for', idOf(name))
    .text(text(`kafka-admin.options.${name}`));
  return $('<div class="form-row">').append(label, ' ', input);
}

function textField(
  name: string,
  shown: string,
  text: Text,
  read: (entered: string) => unknown,
  placeholder = '',
): Field {
  const input = $('<input type="text">')
    .attr({ id: idOf(name), placeholder })
    .css('width', '70%')
    .val(shown);
  const entered = (): string => String(input.val() ?? '').trim();
  return {
    row: rowOf(name, input, text),
    value: () => (entered() === '' ? undefined : read(entered())),
  };
}

const shownText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const jsonText = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

const listText = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : shownText(value));

const listed = (entered: string): string[] =>
  entered
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Text that is not JSON stays: its check names the option. */
function parsedJson(entered: string): unknown {
  try {
    return JSON.parse(entered);
  } catch {
    return entered;
  }
}

/** Rows of a name and a value; an empty row follows the last one. */
function configList(name: string, _schema: OptionSchema, value: unknown, text: Text): Field {
  const rows = $('<div>').css({ display: 'inline-block', width: '70%' });
  const add = (config = '', configValue = ''): void => {
    const field = (label: string, placeholder: string, entered: string, width: string): JQuery =>
      $('<input type="text">')
        .attr({ 'aria-label': text(`kafka-admin.label.${label}`), placeholder })
        .attr(label === 'config' ? { list: configNames } : {})
        .css({ width, 'margin-bottom': '4px' })
        .val(entered);
    const pair = $('<div>').append(
      field('config', 'retention.ms', config, 'calc(60% - 4px)'),
      ' ',
      field('configValue', '-1', configValue, '40%'),
    );
    pair.find('input').on('input', () => {
      if (pair.is(':last-child') && pair.find('input').first().val() !== '') add();
      rows.trigger('change');
    });
    rows.append(pair);
  };
  for (const [config, configValue] of Object.entries(Object(value) as object))
    add(config, shownText(configValue));
  add();
  rows.find('input').first().attr('id', idOf(name));
  const row = rowOf(name, rows, text);
  // Beside the first of several lines.
  row.find('label').css({ 'vertical-align': 'top', 'margin-top': '6px' });
  return {
    row,
    value() {
      const entered = rows
        .children()
        .get()
        .map((pair) =>
          $(pair)
            .find('input')
            .get()
            .map((input) => String($(input).val() ?? '').trim()),
        )
        .filter(([config]) => config !== '');
      return entered.length === 0 ? undefined : Object.fromEntries(entered);
    },
  };
}
