/** A rule as it is saved. */
export interface Rule {
  value: string;
  tag: string;
}

type Row = Rule & { inputs?: { value: JQuery; tag: JQuery } };

const list = '#node-input-rules-list';

/** Makes the dialog's list of rules: a rule and its tag in each row. @param text gives a text of the catalogue */
export function rulesList(rules: Rule[], text: (key: string) => string): void {
  const field = (place: string, value: string, width: string): JQuery =>
    $('<input type="text">')
      .attr({ placeholder: text(place), 'aria-label': text(place) })
      .css({ width, 'margin-right': '5px' })
      .val(value);
  $(list)
    .css({ 'min-height': '120px' })
    .editableList<Row>({
      addItem(row, _index, data) {
        const value = field('twitter-stream-in.placeholder.rule', data.value ?? '', '62%');
        const tag = field('twitter-stream-in.placeholder.tag', data.tag ?? '', '30%');
        data.inputs = { value, tag };
        $(row).append(value, tag);
      },
      removable: true,
      sortable: true,
    });
  for (const { value, tag } of rules) $(list).editableList('addItem', { value, tag });
}

/** The rules in the open dialog, without blank ones; undefined while none is open. */
export function savedRules(): Rule[] | undefined {
  if ($(list).length === 0) return undefined;
  const rows = $(list).editableList('items') as unknown as JQuery;
  return rows
    .map((_index, row) => $(row).data('data') as Row)
    .get()
    .map(({ inputs }) => ({ value: textOf(inputs?.value), tag: textOf(inputs?.tag) }))
    .filter(({ value }) => value !== '');
}

const textOf = (input: JQuery | undefined): string => String(input?.val() ?? '').trim();
