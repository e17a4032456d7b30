import { type Explained, explain } from '../../src/tweet/classify';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { Problem } from '../../src/util/problem';
import { sentence } from '../form.editor';

/** Gives a text of the node's catalogue. */
type Texts = (key: string, params?: Record<string, string>) => string;

/** Lists the outputs, and lets the one light up by which a message pasted above them would leave. */
export function tryBox(text: Texts): void {
  const rows = new Map(KINDS.map((kind) => [kind, outputRow(kind, text)]));
  $('#tweet-classifier-outputs').append(...rows.values());
  const box = $('#tweet-classifier-try');
  const answer = $('#tweet-classifier-answer');
  box.on('input', () => {
    const pasted = String(box.val()).trim();
    const found = pasted === '' ? undefined : showResult(pasted);
    answer.empty().append(...(found === undefined ? [] : answerRows(found, text)));
    const lit = typeof found === 'object' ? found.kind : undefined;
    for (const [kind, row] of rows) light(row, kind === lit);
  });
}

/** What the node would answer, or the sentence that a Catch node would get. */
function showResult(pasted: string): Explained | string {
  try {
    return explain(pasted);
  } catch (error) {
    return error instanceof Problem ? sentence(error.key, error.params) : String(error);
  }
}

function outputRow(kind: Kind, text: Texts): JQuery {
  return $('<li>')
    .attr('data-kind', kind)
    .css({ padding: '1px 6px', 'border-left': '4px solid transparent' })
    .append($('<b>').text(kind), ` ${text(`tweet-classifier.kinds.${kind}`)}`);
}

function light(row: JQuery, on: boolean): void {
  row.css('border-left-color', on ? 'var(--red-ui-text-color-success)' : 'transparent');
  row.css('background', on ? 'var(--red-ui-list-item-background-selected)' : '');
  if (on) row.attr('aria-current', 'true');
  else row.removeAttr('aria-current');
}

function answerRows(found: Explained | string, text: Texts): JQuery[] {
  const row = (name: string, value: string): JQuery =>
    $('<div>').append($('<b>').text(`${text(`tweet-classifier.try.${name}`)}: `), $('<span>').text(value));
  if (typeof found === 'string') return [row('catch', found)];
  const { kind, key, timestamp, forUser, rule, by } = found;
  return [
    row('output', `${KINDS.indexOf(kind) + 1} ${kind}`),
    row('key', key ?? text('tweet-classifier.try.no-key')),
    row('time', timestamp === undefined ? text('tweet-classifier.try.no-time') : timeText(timestamp)),
    ...(forUser === undefined ? [] : [row('user', forUser)]),
    row('why', text(`tweet-classifier.why.${rule}`, { by })),
  ];
}

const timeText = (timestamp: number): string => `${new Date(timestamp).toISOString()} (${timestamp})`;
