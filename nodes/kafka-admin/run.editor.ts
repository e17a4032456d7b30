import type { ProblemData } from '../../src/util/problem';
import { isBusy, setBusy } from '../busy-button.editor';
import { sentence } from '../sentences.editor';
import { answerTable } from './answer-table';
import type { Text } from './option-rows.editor';

/** What is run. */
export interface RunRequest {
  cluster: string;
  operation: string;
  target: string;
  options: Record<string, unknown>;
  timeout: string;
}

interface RunAnswer {
  answer?: unknown;
  problem?: ProblemData;
  text?: string;
}

const mostRows = 500;
const longestCell = 80;
const cellStyle = {
  padding: '2px 8px 2px 0',
  'text-align': 'left',
  'vertical-align': 'top',
  'border-bottom': '1px solid var(--red-ui-secondary-border-color)',
};

/**
 * Enables the button that runs the operation of an open dialog, and shows the answer as a table. An operation that destroys
 * data is a dry run, until the target's name is typed.
 * @param request what is entered; undefined: a message decides
 */
export function enableRun(request: () => RunRequest | undefined, text: Text): void {
  const button = $('#node-input-run');
  const state = $('#node-input-run-state');
  const confirm = $('.kafka-admin-run-confirm');
  const name = $('#node-input-run-name');
  const execute = $('#node-input-run-execute');
  const result = $('#node-input-run-result');
  let last: RunRequest | undefined;

  const say = (words: string, isError = false): void => {
    state.text(words).css('color', isError ? 'var(--red-ui-text-color-error)' : '');
  };
  const show = ({ answer, problem, text: fallback }: RunAnswer): void => {
    if (problem) {
      say(sentence(problem.key, problem.params, fallback), true);
      return;
    }
    say('');
    result.append(tableOf(answer, text));
    if ((Object(answer) as { dryRun?: unknown }).dryRun !== true || !last) return;
    say(text('kafka-admin.run.dryRun'));
    confirm.find('label').text(text('kafka-admin.run.typeName').replace('__name__', last.target));
    confirm.show();
  };
  // What was run is no longer what is entered: neither its answer nor one on its way counts.
  button.closest('form').on('input change', ({ target }) => {
    if (target === name.get(0)) return;
    last = undefined;
    confirm.hide();
    result.empty();
    say('');
  });
  const run = (more: object): void => {
    const running = last;
    setBusy(button, true);
    execute.prop('disabled', true);
    confirm.hide();
    result.empty();
    say(text('kafka-admin.run.running'));
    $.ajax({
      url: 'kafka-admin/run',
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify({ ...last, ...more }),
      timeout: 70_000,
    })
      .done((answer: RunAnswer) => {
        if (last === running) show(answer);
      })
      .fail(({ status }) => {
        const why = status === 401 || status === 403 ? 'forbidden' : 'failed';
        if (last === running) say(text(`kafka-admin.run.${why}`), true);
      })
      .always(() => setBusy(button, false));
  };

  button.on('click', () => {
    if (isBusy(button)) return;
    last = request();
    name.val('');
    if (last) run({});
    else say(text('kafka-admin.run.notFixed'), true);
  });
  name.on('input', () => execute.prop('disabled', String(name.val() ?? '').trim() !== last?.target.trim()));
  execute.on('click', () => {
    // It is hidden while the operation runs.
    button.trigger('focus');
    run({ confirm: String(name.val() ?? '').trim() });
  });
}

/** Every text of the cluster is shown as text, never as markup. */
function tableOf(answer: unknown, text: Text): JQuery {
  const { facts, columns, rows } = answerTable(answer);
  const box = $('<div>');
  for (const [fact, value] of facts) box.append($('<div>').text(`${fact}: ${value}`));
  if (rows.length > 0) {
    const head = $('<tr>').append(
      ...columns.map((column) => $('<th scope="col">').css(cellStyle).text(column)),
    );
    const body = rows.slice(0, mostRows).map((row) => $('<tr>').append(...row.map(cellOf)));
    box.append(
      $('<table class="kafka-admin-run-table">').append(
        $('<thead>').append(head),
        $('<tbody>').append(...body),
      ),
    );
  }
  const left = rows.length - mostRows;
  if (rows.length === 0) box.append($('<div>').text(text('kafka-admin.run.empty')));
  if (left > 0) box.append($('<div>').text(text('kafka-admin.run.more').replace('__count__', String(left))));
  const json = JSON.stringify(answer, null, 2);
  const details = $('<details>').append($('<summary>').text('JSON'), $('<pre>').text(json));
  return box.append(details);
}

function cellOf(value: string): JQuery {
  const cell = $('<td>')
    .css(cellStyle)
    .text(value.length > longestCell ? `${value.slice(0, longestCell - 1)}…` : value);
  return value.length > longestCell ? cell.attr('title', value) : cell;
}
