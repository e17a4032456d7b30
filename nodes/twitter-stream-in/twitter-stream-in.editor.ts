import { type DialogNode, type DialogProperties, isVariable } from '../dialog-form.editor';
import { typedInput } from '../typed-input.editor';
import type { properties } from './properties';
import { enteredRules, showRuleList } from './rule-list.editor';
import {
  form,
  isReplay,
  shortened,
  usesOwnRules,
  usesRate,
  validApp,
  validFile,
  validRate,
  validRules,
} from './validators.editor';

/** What a node without a name is called: its first rule and the number of others, or its file. */
function sourceLabel(node: DialogNode<typeof properties>): string | undefined {
  if (node.source === 'replay') return (node.file ?? '').split(/[/\\]/).pop();
  if (node.rulesMode === 'app') return undefined;
  const [first, ...others] = (node.rules ?? []).map(({ value }) => value);
  return first && (others.length > 0 ? `${shortened(first)} +${others.length}` : shortened(first));
}

RED.nodes.registerType<DialogProperties<typeof properties>>('twitter-stream-in', {
  category: 'X to Kafka',
  color: '#7FA8C9',
  icon: 'twitter-stream-in.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: form.property('name'),
    app: form.property('app', { type: 'twitter-app', required: false, validate: validApp }),
    source: form.property('source'),
    rules: form.property('rules', { validate: validRules }),
    rulesMode: form.property('rulesMode'),
    fields: form.property('fields'),
    tweetFields: form.property('tweetFields'),
    expansions: form.property('expansions'),
    userFields: form.property('userFields'),
    mediaFields: form.property('mediaFields'),
    placeFields: form.property('placeFields'),
    pollFields: form.property('pollFields'),
    format: form.property('format'),
    dailyLimit: form.property('dailyLimit'),
    autostart: form.property('autostart'),
    stallTimeout: form.property('stallTimeout'),
    file: form.property('file', { validate: validFile }),
    fileType: form.property('fileType'),
    pace: form.property('pace'),
    rate: form.property('rate', { validate: validRate }),
    repeat: form.property('repeat'),
  },
  inputLabels() {
    return this._('twitter-stream-in.port.commands');
  },
  outputLabels(index: number) {
    return this._(`twitter-stream-in.output.${index === 0 ? 'messages' : 'events'}`);
  },
  paletteLabel: 'twitter stream in',
  label() {
    if (this.name) return this.name;
    const label = sourceLabel(this);
    return label && !isVariable(label) ? label : 'twitter-stream-in';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    form.fillMissing(this);
    showRuleList(this.rules ?? [], (key) => this._(key));
    typedInput('file', ['str', 'env', 'flow', 'global'], 'str');
    const showRows = (): void => {
      $('.twitter-stream-in-filtered').toggle(!isReplay(this));
      $('.twitter-stream-in-own-rules').toggle(usesOwnRules(this));
      $('.twitter-stream-in-replay').toggle(isReplay(this));
      $('.twitter-stream-in-rate').toggle(usesRate(this));
      // The validity of these depends on the other fields.
      for (const name of ['app', 'file', 'rate']) form.input(name).trigger('change');
    };
    for (const name of ['source', 'rulesMode', 'pace']) form.input(name).on('change', showRows);
    showRows();
    // An invalid field, or one that hides others, must not be collapsed.
    const valid = (['dailyLimit', 'stallTimeout'] as const).every(
      (name) => form.checkOf(name)(this[name]) === true,
    );
    form.input('more').prop('open', !valid || this.rulesMode === 'app');
  },
  oneditsave() {
    this.rules = enteredRules() ?? [];
    form.saveNumbers(this);
  },
});
