import { checkRule, rulesFromLines } from '../../src/stream/filtered/rule-check';
import { sentence } from '../form.editor';

/** A rule as it is saved. */
export interface Rule {
  value: string;
  tag: string;
}

type Row = Rule & { inputs?: { value: JQuery; tag: JQuery } };

const list = '#node-input-rules-list';

/**
 * Makes the dialog's list of rules: a rule and its tag in each row, and below them what is wrong with it.
 * Several lines pasted into a rule make a row each.
 * @param text gives a text of the catalogue
 */
export function rulesList(rules: Rule[], text: (key: string) => string): void {
  $(list)
    .editableList<Row>({
      addItem: (row, _index, data) => fillRow($(row), data, text),
      height: 'auto',
      removable: true,
      sortable: true,
    })
    // The box around the list grows with it, up to a length that can still be looked over.
    .parent()
    .css({ 'max-height': '320px', 'overflow-y': 'auto' });
  // A list with nothing in it does not show what to do.
  for (const rule of rules.length > 0 ? rules : [{ value: '', tag: '' }]) {
    $(list).editableList('addItem', { value: rule.value, tag: rule.tag });
  }
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

/** What is wrong with a rule, as a sentence; undefined where nothing is. */
export function faultOf(rule: string): string | undefined {
  const fault = checkRule(rule);
  return fault && sentence(fault.key, fault.params);
}

const textOf = (input: JQuery | undefined): string => String(input?.val() ?? '').trim();

function fillRow(row: JQuery, data: Row, text: (key: string) => string): void {
  const field = (place: string, value: string, flex: string): JQuery =>
    $('<input type="text">')
      .attr({ placeholder: text(place), 'aria-label': text(place) })
      .css({ flex, 'min-width': '0' })
      .val(value);
  const value = field('twitter-stream-in.placeholder.rule', data.value ?? '', '5 1 0');
  const tag = field('twitter-stream-in.placeholder.tag', data.tag ?? '', '2 1 0');
  const fault = $('<div role="status">').css('color', 'var(--red-ui-text-color-error)');
  data.inputs = { value, tag };
  row.append($('<div>').css({ display: 'flex', gap: '5px' }).append(value, tag), fault);

  const check = (): void => {
    const sentence = faultOf(textOf(value));
    value
      .toggleClass('input-error', sentence !== undefined)
      .attr('aria-invalid', String(sentence !== undefined));
    fault.text(sentence ?? '');
  };
  value.on('input', check);
  value.on('paste', (event) => {
    const clipboard = (event.originalEvent as ClipboardEvent | undefined)?.clipboardData;
    if (!takePasted(row, value, tag, clipboard?.getData('text') ?? '')) return;
    event.preventDefault();
    check();
  });
  check();
}

/** @returns false where the browser's own way of pasting is right: a part of a rule */
function takePasted(row: JQuery, value: JQuery, tag: JQuery, text: string): boolean {
  const pasted = rulesFromLines(text);
  if (pasted.length < 2 && !pasted[0]?.tag) return false;
  const { selectionStart, selectionEnd } = value.get(0) as HTMLInputElement;
  const length = String(value.val()).length;
  let at = row.closest('li').index() + 1;
  // The row takes the first where nothing of its own is lost.
  if (textOf(value) === '' || (selectionStart === 0 && selectionEnd === length)) {
    const first = pasted.shift();
    value.val(first?.value ?? '');
    if (first?.tag) tag.val(first.tag);
  }
  // Node-RED's types do not know this method.
  const rows = $(list) as unknown as { editableList(method: 'insertItemAt', rule: Rule, at: number): void };
  for (const rule of pasted) rows.editableList('insertItemAt', rule, at++);
  return true;
}
