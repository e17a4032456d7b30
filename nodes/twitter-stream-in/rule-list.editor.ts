import { checkRule, rulesFromLines } from '../../src/stream/filtered/rule-check';
import type { StreamRule } from '../../src/stream/x/rules-answer';
import { sentence } from '../sentences.editor';
import type { SavedRule } from './properties';

type Row = SavedRule & { inputs?: { value: JQuery; tag: JQuery } };

const list = '#node-input-rules-list';

/**
 * Fills the dialog's list of rules: each row holds a rule, its tag and, if the rule is invalid, the reason.
 * Several lines pasted into a rule become a row each.
 * @param text returns a text of the catalogue
 */
export function showRuleList(rules: SavedRule[], text: (key: string) => string): void {
  $(list)
    .editableList<Row>({
      addItem: (row, _index, data) => fillRow($(row), data, text),
      height: 'auto',
      removable: true,
      sortable: true,
    })
    // The box grows with the list, and scrolls from here on.
    .parent()
    .css({ 'max-height': '320px', 'overflow-y': 'auto' });
  // An empty list does not show what to do.
  for (const rule of rules.length > 0 ? rules : [{ value: '', tag: '' }]) {
    $(list).editableList('addItem', { ...rule });
  }
}

/** The rules in the open dialog, without blank ones; undefined while no dialog is open. */
export function enteredRules(): StreamRule[] | undefined {
  if ($(list).length === 0) return undefined;
  const rows = $(list).editableList('items') as unknown as JQuery;
  return rows
    .map((_index, row) => $(row).data('data') as Row)
    .get()
    .map(({ inputs }) => ({ value: textOf(inputs?.value), tag: textOf(inputs?.tag) }))
    .filter(({ value }) => value !== '');
}

/** Why a rule is invalid, as a sentence; undefined for a valid rule. */
export function ruleError(rule: string): string | undefined {
  const problem = checkRule(rule);
  return problem && sentence(problem.key, problem.params);
}

const textOf = (input: JQuery | undefined): string => String(input?.val() ?? '').trim();

function fillRow(row: JQuery, data: Row, text: (key: string) => string): void {
  const field = (key: string, value: string, flex: string): JQuery =>
    $('<input type="text">')
      .attr({ placeholder: text(key), 'aria-label': text(key) })
      .css({ flex, 'min-width': '0' })
      .val(value);
  const value = field('twitter-stream-in.placeholder.rule', data.value ?? '', '5 1 0');
  const tag = field('twitter-stream-in.placeholder.tag', data.tag ?? '', '2 1 0');
  const error = $('<div role="status">').css('color', 'var(--red-ui-text-color-error)');
  data.inputs = { value, tag };
  row.append($('<div>').css({ display: 'flex', gap: '5px' }).append(value, tag), error);

  const check = (): void => {
    const reason = ruleError(textOf(value));
    value.toggleClass('input-error', reason !== undefined).attr('aria-invalid', String(reason !== undefined));
    error.text(reason ?? '');
  };
  value.on('input', check);
  value.on('paste', (event) => {
    const clipboard = (event.originalEvent as ClipboardEvent | undefined)?.clipboardData;
    if (!pasteRules(row, value, tag, clipboard?.getData('text') ?? '')) return;
    event.preventDefault();
    check();
  });
  check();
}

/** @returns false for a part of a rule, which the browser pastes itself */
function pasteRules(row: JQuery, value: JQuery, tag: JQuery, text: string): boolean {
  const pasted = rulesFromLines(text);
  if (pasted.length < 2 && !pasted[0]?.tag) return false;
  const { selectionStart, selectionEnd } = value.get(0) as HTMLInputElement;
  const length = String(value.val()).length;
  let index = row.closest('li').index() + 1;
  // The first rule goes into this row unless that would overwrite a part of it.
  if (textOf(value) === '' || (selectionStart === 0 && selectionEnd === length)) {
    const first = pasted.shift();
    value.val(first?.value ?? '');
    if (first?.tag) tag.val(first.tag);
  }
  for (const rule of pasted) $(list).editableList('insertItemAt', rule, index++);
  return true;
}
