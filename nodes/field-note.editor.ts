let nextId = 0;

/**
 * Shows below a field of the open dialog why it is invalid, also to screen readers.
 * @param row gets the sentence; it is hidden with the row
 * @returns shows a sentence; '': the field is valid
 */
export function fieldNote(input: JQuery, row = input.closest('.form-row')): (problem: string) => void {
  const id = `x-to-kafka-note-${nextId++}`;
  const note = $('<div role="status">').attr({ id, class: 'x-to-kafka-note' });
  // In line with the fields, which follow labels of Node-RED's width.
  note.css({ color: 'var(--red-ui-text-color-error)', 'margin-left': '104px', 'max-width': '70%' });
  row.append(note);
  return (problem) => {
    if (note.text() === problem) return;
    note.text(problem);
    // A typed input hides the field and shows one of its own.
    const shown = input.next('.red-ui-typedInput-container').find('input');
    for (const field of [input, shown]) {
      const others = (field.attr('aria-describedby') ?? '').split(' ').filter((one) => one && one !== id);
      field.attr('aria-describedby', [...others, ...(problem ? [id] : [])].join(' ') || null);
      field.attr('aria-invalid', problem ? 'true' : null);
    }
  };
}
