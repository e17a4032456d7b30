const labels = { edit: 'editor.editConfig', add: 'editor.addNewConfig' };

/**
 * Lets the keyboard reach the buttons that edit and add a config node: Node-RED's are links without an address, which Tab skips.
 * @param prefix of the ids in the open dialog
 * @param types of the config nodes, by property
 */
export function reachConfigButtons(prefix: string, types: Record<string, string>): void {
  for (const [property, type] of Object.entries(types)) {
    for (const [action, label] of Object.entries(labels)) {
      const button = $(`a#${prefix}-btn-${property}-${action}`);
      button.attr({ role: 'button', tabindex: 0, 'aria-label': RED._(label, { type }) });
      button.on('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        button.trigger('click');
      });
    }
  }
}
