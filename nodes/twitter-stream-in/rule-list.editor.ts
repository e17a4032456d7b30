import { checkRule, rulesFromLines } from '../../src/stream/filtered/rule-check';
import type { StreamRule } from '../../src/stream/x/rules-answer';
import type { Problem } from '../../src/util/problem';
import { sentence } from '../sentences.editor';
import type { SavedRule } from './properties';

type Row = SavedRule & { inputs?: { value: JQuery; tag: JQuery } };

const list = '#node-input-rules-list';
// Ids of the notes are unique, also after rows were removed.
let nextNote = 0;

/**
 * Fills the dialog's list of rules: each row holds a rule, its tag and, below, why X rejects the rule or what
 * X takes otherwise than it looks. Several lines pasted into a rule become a row each.
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

/** Why X rejects a rule, as a sentence; undefined for a valid rule. */
export function ruleError(rule: string): string | undefined {
  return textOfProblem(checkRule(rule).error);
}

const textOfProblem = (problem: Problem | undefined): string | undefined =>
  problem && sentence(problem.key, problem.params);

const textOf = (input: JQuery | undefined): string => String(input?.val() ?? '').trim();

function fillRow(row: JQuery, data: Row, text: (key: string) => string): void {
  const field = (key: string, value: string, flex: string): JQuery =>
    $('<input type="text">')
      .attr({ placeholder: text(key), 'aria-label': text(key) })
      .css({ flex, 'min-width': '0' })
      .val(value);
  const value = field('twitter-stream-in.placeholder.rule', data.value ?? '', '5 1 0');
  const tag = field('twitter-stream-in.placeholder.tag', data.tag ?? '', '2 1 0');
  // A live region announces its text while the user types; the field refers to it for those who come back.
  const note = $('<div role="status">').attr('id', `twitter-stream-in-rule-note-${nextNote++}`);
  value.attr('aria-describedby', note.attr('id') ?? '');
  data.inputs = { value, tag };
  row.append($('<div>').css({ display: 'flex', gap: '5px' }).append(value, tag), note);

  const check = (): void => {
    const { error, hint } = checkRule(textOf(value));
    value.toggleClass('input-error', error !== undefined).attr('aria-invalid', String(error !== undefined));
    showNote(note, error ?? hint, hint && text('twitter-stream-in.rule.hint'));
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

/** Below a rule: an error in red, a hint with a sign that `hintLabel` names to screen readers. */
function showNote(note: JQuery, problem: Problem | undefined, hintLabel: string | undefined): void {
  const sign = $('<i class="fa fa-info-circle" role="img">').attr('aria-label', hintLabel ?? '');
  note
    .toggleClass('twitter-stream-in-rule-hint', hintLabel !== undefined)
    .css('color', hintLabel ? 'var(--red-ui-primary-text-color)' : 'var(--red-ui-text-color-error)')
    .empty();
  if (hintLabel) note.append(sign, document.createTextNode(' '));
  if (problem) note.append(document.createTextNode(textOfProblem(problem) ?? ''));
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
