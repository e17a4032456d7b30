/**
 * Marks a button while its request runs. It stays enabled: a disabled button loses the focus to the page, where the keyboard
 * no longer reaches the dialog.
 */
export function setBusy(button: JQuery, busy: boolean): void {
  button.attr('aria-disabled', String(busy)).toggleClass('disabled', busy);
}

export const isBusy = (button: JQuery): boolean => button.attr('aria-disabled') === 'true';
