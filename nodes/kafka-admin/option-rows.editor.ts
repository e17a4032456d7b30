/** Texts of the dialog's catalogue. */
export type Text = (key: string) => string;

/** What a person enters an option with. */
export interface OptionInput {
  input: JQuery;
  /** undefined: left out. */
  value(): unknown;
}

/** One column of a field with rows. */
interface Column {
  /** Key of its label in the catalogue. */
  label: string;
  placeholder: string;
  /** Id of a datalist that completes it. */
  list?: string;
}

/** A field of several rows, such as names and values. */
export interface Rows {
  columns: readonly Column[];
  /** The cells of each row, from a saved value. */
  read(value: unknown): string[][];
  /** What to save. Each row has an entered first cell. */
  write(rows: string[][]): unknown;
}

/** Id of the datalist that completes names of configs. */
export const configNames = 'kafka-admin-config-names';

const entriesOf = (value: unknown): Array<[string, unknown]> => Object.entries(Object(value) as object);

/** Names and values of configs; also lists of values that are appended or subtracted. */
export const configRows: Rows = {
  columns: [
    { label: 'config', placeholder: 'retention.ms', list: configNames },
    { label: 'configValue', placeholder: '-1' },
  ],
  read: (value) => entriesOf(value).map(([name, config]) => [name, String(config)]),
  write: (rows) => Object.fromEntries(rows),
};

/** An offset for each partition. */
export const offsetRows: Rows = {
  columns: [
    { label: 'partition', placeholder: '0' },
    { label: 'offset', placeholder: '4' },
  ],
  read: configRows.read,
  write: configRows.write,
};

/** An offset for each partition of several topics. */
export const groupOffsetRows: Rows = {
  columns: [{ label: 'topic', placeholder: 'tweets' }, ...offsetRows.columns],
  read: (value) =>
    entriesOf(value).flatMap(([topic, offsets]) => offsetRows.read(offsets).map((row) => [topic, ...row])),
  write(rows) {
    const topics: Record<string, Record<string, string>> = {};
    for (const [topic = '', partition = '', offset = ''] of rows) {
      topics[topic] = { ...topics[topic], [partition]: offset };
    }
    return topics;
  },
};

/**
 * Shows the rows; an empty one follows the last.
 * @param id of the first cell, for the label
 */
export function rowsField(
  { columns, read, write }: Rows,
  id: string,
  value: unknown,
  text: Text,
): OptionInput {
  const box = $('<div>').css({ display: 'inline-block', width: '70%' });
  const add = (cells: string[]): void => {
    const row = $('<div>').css({ display: 'flex', gap: '4px', 'margin-bottom': '4px' });
    columns.forEach(({ label, placeholder, list }, at) => {
      const cell = $('<input type="text">')
        .attr({ 'aria-label': text(`kafka-admin.label.${label}`), placeholder })
        .css({ flex: at === 0 ? '3 1 0' : '2 1 0', 'min-width': '0' })
        .val(cells[at] ?? '');
      if (list) cell.attr('list', list);
      row.append(cell);
    });
    row.find('input').on('input', () => {
      if (row.is(':last-child') && row.find('input').first().val() !== '') add([]);
    });
    box.append(row);
  };
  for (const cells of read(value)) add(cells);
  add([]);
  box.find('input').first().attr('id', id);
  const cellsOf = (row: HTMLElement): string[] =>
    $(row)
      .find('input')
      .get()
      .map((cell) => String($(cell).val() ?? '').trim());
  return {
    input: box,
    value() {
      const rows = box.children().get().map(cellsOf);
      const entered = rows.filter(([name]) => name !== '');
      return entered.length === 0 ? undefined : write(entered);
    },
  };
}
