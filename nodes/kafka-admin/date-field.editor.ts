import { readTime } from '../../src/kafka/admin/option-values';
import type { OptionInput } from './option-rows.editor';

const minuteMs = 60_000;

/**
 * A field for a date and time in the browser's time zone. It saves ISO 8601 in UTC, so that the server's zone does not
 * matter. A saved value stays as it is until the field is changed.
 * @param value epoch ms, digits or ISO 8601; anything else is shown as text
 */
export function dateField(id: string, value: unknown): OptionInput {
  const isEmpty = value === undefined || value === null || value === '';
  const saved = isEmpty ? undefined : readTime(value);
  if (!isEmpty && saved === undefined) {
    const text = $('<input type="text">').attr('id', id).css('width', '70%').val(String(value));
    return { input: text, value: () => String(text.val() ?? '').trim() || undefined };
  }
  const input = $('<input type="datetime-local">')
    .attr({ id, step: saved !== undefined && saved % 1000 !== 0 ? '0.001' : '1' })
    .css({ width: 'auto', height: '34px' })
    .val(saved === undefined ? '' : localText(saved));
  // As the browser writes it.
  const shown = input.val();
  const zone = $('<span>').css('margin-left', '8px').text(Intl.DateTimeFormat().resolvedOptions().timeZone);
  return {
    input: input.add(zone),
    value() {
      const entered = String(input.val() ?? '');
      if (entered === '') return undefined;
      return entered === shown ? value : new Date(entered).toISOString();
    },
  };
}

/** As a field of type datetime-local has it: local time without a zone. */
function localText(time: number): string {
  const offsetMs = new Date(time).getTimezoneOffset() * minuteMs;
  return new Date(time - offsetMs).toISOString().replace(/(\.000)?Z$/, '');
}
