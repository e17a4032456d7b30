import { type Explained, explain } from '../../src/tweet/classify';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { sentenceOf } from '../sentences.editor';

/** Returns a text of the node's catalogue. */
type Texts = (key: string, params?: Record<string, string>) => string;

/** Lists the outputs, and highlights the output of a message that the user pastes above them. */
export function showTryBox(text: Texts): void {
  const rows = new Map(KINDS.map((kind) => [kind, outputRow(kind, text)]));
  $('#tweet-classifier-outputs').append(...rows.values());
  const box = $('#tweet-classifier-try');
  const result = $('#tweet-classifier-answer');
  box.on('input', () => {
    const pasted = String(box.val()).trim();
    const explained = pasted === '' ? undefined : explainOrSentence(pasted);
    result.empty().append(...(explained === undefined ? [] : resultRows(explained, text)));
    const kindOfPasted = typeof explained === 'object' ? explained.kind : undefined;
    for (const [kind, row] of rows) highlight(row, kind === kindOfPasted);
  });
}

/** The classifier's result, or the sentence that a Catch node would receive. */
function explainOrSentence(pasted: string): Explained | string {
  try {
    return explain(pasted);
  } catch (error) {
    return sentenceOf(error);
  }
}

function outputRow(kind: Kind, text: Texts): JQuery {
  return $('<li>')
    .attr('data-kind', kind)
    .css({ padding: '1px 6px', 'border-left': '4px solid transparent' })
    .append($('<b>').text(kind), ` ${text(`tweet-classifier.kinds.${kind}`)}`);
}

function highlight(row: JQuery, on: boolean): void {
  row.css('border-left-color', on ? 'var(--red-ui-text-color-success)' : 'transparent');
  row.css('background', on ? 'var(--red-ui-list-item-background-selected)' : '');
  if (on) row.attr('aria-current', 'true');
  else row.removeAttr('aria-current');
}

function resultRows(explained: Explained | string, text: Texts): JQuery[] {
  const row = (name: string, value: string): JQuery =>
    $('<div>').append($('<b>').text(`${text(`tweet-classifier.try.${name}`)}: `), $('<span>').text(value));
  if (typeof explained === 'string') return [row('catch', explained)];
  const { kind, key, timestamp, forUser, rule, by } = explained;
  return [
    row('output', `${KINDS.indexOf(kind) + 1} ${kind}`),
    row('key', key ?? text('tweet-classifier.try.no-key')),
    row('time', timestamp === undefined ? text('tweet-classifier.try.no-time') : timeText(timestamp)),
    ...(forUser === undefined ? [] : [row('user', forUser)]),
    row('why', text(`tweet-classifier.why.${rule}`, { by })),
  ];
}

const timeText = (timestamp: number): string => `${new Date(timestamp).toISOString()} (${timestamp})`;
