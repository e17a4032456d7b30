import type { ReportedFinding } from '../src/util/finding';
import { isBusy, setBusy } from './busy-button.editor';
import { sentence } from './sentences.editor';

/** A result of the test as the dialog shows it. */
interface Line {
  ok: boolean;
  /** The test does not fail, but the user should know. */
  hint?: boolean;
  text: string;
}

const marks = {
  good: { sign: 'fa-check', label: 'good', color: 'success' },
  hint: { sign: 'fa-exclamation-triangle', label: 'hint', color: 'warning' },
  bad: { sign: 'fa-times', label: 'bad', color: 'error' },
};

/**
 * Enables the button `#<prefix>-test` of a dialog: it sends the fields to POST `<type>/test`, which tests them saved or not,
 * and shows the results in `#<prefix>-test-lines`.
 * @param text returns a text of the node's catalogue: test.running, test.good, test.bad, test.hint (if its
 *   test has hints), test.forbidden, test.failed
 * @param fields the body of the request: the fields as entered
 */
export function enableTestButton(
  type: string,
  text: (key: string) => string,
  fields: () => object,
  prefix: 'node-config-input' | 'node-input' = 'node-config-input',
): void {
  const button = $(`#${prefix}-test`);
  const lines = $(`#${prefix}-test-lines`);
  const failed = (key: string): Line[] => [{ ok: false, text: text(`${type}.test.${key}`) }];
  const mark = ({ ok, hint }: Line): JQuery => {
    const { sign, label, color } = marks[hint ? 'hint' : ok ? 'good' : 'bad'];
    return $('<i>')
      .attr({ class: `fa ${sign}`, role: 'img' })
      .attr('aria-label', text(`${type}.test.${label}`))
      .css({ width: '20px', flex: 'none', 'line-height': '20px' })
      .css('color', `var(--red-ui-text-color-${color})`);
  };
  // What was tested is no longer what is entered: neither its results nor those on their way count.
  let changes = 0;
  button.closest('form').on('input change', () => {
    changes++;
    lines.empty();
  });
  // The name of a host has no spaces, and may be wider than the dialog.
  const wrapping = (words: string): JQuery =>
    $('<span>').css({ 'min-width': '0', 'overflow-wrap': 'anywhere' }).text(words);
  const show = (results: Line[]): void => {
    const rows = results.map((line) =>
      $('<div>').css('display', 'flex').append(mark(line), wrapping(line.text)),
    );
    lines.empty().append(...rows);
  };

  button.on('click', () => {
    if (isBusy(button)) return;
    setBusy(button, true);
    const body = JSON.stringify(fields());
    const tested = changes;
    const isCurrent = (): boolean => tested === changes;
    lines.text(text(`${type}.test.running`));
    $.ajax({
      url: `${type}/test`,
      method: 'POST',
      contentType: 'application/json',
      data: body,
      timeout: 30_000,
    })
      .done(({ lines: found }: { lines: ReportedFinding[] }) => {
        const results = found.map(({ key, params, ...line }) => ({
          ...line,
          text: sentence(key, params, line.text),
        }));
        if (isCurrent()) show(results);
      })
      .fail(({ status }) => {
        if (isCurrent()) show(failed(status === 401 || status === 403 ? 'forbidden' : 'failed'));
      })
      .always(() => setBusy(button, false));
  });
}
