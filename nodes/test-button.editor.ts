/** One line of what a test found. */
interface Line {
  ok: boolean;
  text: string;
}

/**
 * Lets the button #node-config-input-test of a config node's dialog try what stands there, with POST
 * `<type>/test`; what comes of it is shown in #node-config-input-test-lines.
 * @param text gives a text of the node's catalogue: test.running, test.good, test.bad, test.forbidden, test.failed
 * @param typed the body of the request: the fields as they stand
 */
export function testButton(type: string, text: (key: string) => string, typed: () => object): void {
  const button = $('#node-config-input-test');
  const lines = $('#node-config-input-test-lines');
  const failed = (key: string): Line[] => [{ ok: false, text: text(`${type}.test.${key}`) }];
  const mark = (ok: boolean): JQuery =>
    $('<i>')
      .attr({ class: `fa ${ok ? 'fa-check' : 'fa-times'}`, role: 'img' })
      .attr('aria-label', text(`${type}.test.${ok ? 'good' : 'bad'}`))
      .css({ width: '20px', flex: 'none', 'line-height': '20px' })
      .css('color', `var(--red-ui-text-color-${ok ? 'success' : 'error'})`);
  const show = (found: Line[]): void => {
    const rows = found.map((line) =>
      $('<div>').css('display', 'flex').append(mark(line.ok), $('<span>').text(line.text)),
    );
    lines.empty().append(...rows);
  };

  button.on('click', () => {
    button.prop('disabled', true);
    lines.text(text(`${type}.test.running`));
    $.ajax({
      url: `${type}/test`,
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(typed()),
      timeout: 30_000,
    })
      .done((answer: { lines: Line[] }) => show(answer.lines))
      .fail(({ status }) => show(failed(status === 401 || status === 403 ? 'forbidden' : 'failed')))
      .always(() => button.prop('disabled', false));
  });
}
