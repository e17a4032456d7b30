import type { Text } from './option-rows.editor';

/** Configs that people often set, by what they are called in the catalogue. */
const presets = {
  topic: {
    'retention-72h': { 'retention.ms': '259200000' },
    forever: { 'retention.ms': '-1' },
    compacted: { 'cleanup.policy': 'compact' },
  },
  broker: {
    'retention-72h': { 'log.retention.ms': '259200000' },
  },
} as const;

/** Read-only while a broker runs: only server.properties sets them. */
const onlyInFile = ['auto.create.topics.enable=false', 'delete.topic.enable=true'];

/**
 * Shows the presets of `configs.change` above its fields.
 * @param box gets the row
 * @param resource topic or broker, as entered
 * @param onChoose called with the configs of the preset that was chosen
 */
export function showPresets(
  box: JQuery,
  resource: 'topic' | 'broker',
  text: Text,
  onChoose: (configs: Record<string, string>) => void,
): void {
  const id = 'node-input-preset';
  const select = $('<select>').attr('id', id).css('width', '70%');
  select.append($('<option>').val('').text(text('kafka-admin.preset.none')));
  const choices = presets[resource] as Record<string, Record<string, string>>;
  for (const name of Object.keys(choices)) {
    select.append(
      $('<option>')
        .val(name)
        .text(text(`kafka-admin.preset.${name}`)),
    );
  }
  select.on('change', () => {
    const configs = choices[String(select.val() ?? '')];
    if (configs) onChoose({ ...configs });
  });
  const label = $('<label>').attr('for', id).text(text('kafka-admin.preset.label'));
  box.prepend($('<div class="form-row">').append(label, ' ', select));
  if (resource === 'topic') return;
  const note = $('<div class="form-tips">')
    .css('margin-bottom', '12px')
    .text(text('kafka-admin.preset.onlyInFile'));
  box.append(note.append(...onlyInFile.map((line) => $('<div>').append($('<code>').text(line)))));
}
