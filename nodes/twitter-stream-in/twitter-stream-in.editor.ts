import { stallTimeouts } from '../../src/stream/stall-timeouts';
import { categoryDescription } from '../category.editor';
import { type DialogNode, type DialogProperties, isVariable } from '../dialog-form.editor';
import { enableTestButton } from '../test-button.editor';
import { typedInput } from '../typed-input.editor';
import type { properties } from './properties';
import { enteredRules, showRuleList } from './rule-list.editor';
import {
  form,
  isFiltered,
  isReplay,
  isV1Filter,
  shortened,
  usesCustomFields,
  usesOwnRules,
  usesRate,
  validApp,
  validFile,
  validRate,
  validRules,
  validStallTimeout,
  validV1Field,
} from './validators.editor';

/** What a node without a name is called: its first rule and the number of others, or its file. */
function sourceLabel(node: DialogNode<typeof properties>): string | undefined {
  if (node.source === 'replay') return (node.file ?? '').split(/[/\\]/).pop();
  if (node.source === 'v1-filter') return shortened((node.track ?? '').split(',')[0]?.trim() ?? '');
  if (node.source === 'v1-sample' || node.rulesMode === 'app') return undefined;
  const [first, ...others] = (node.rules ?? []).map(({ value }) => value);
  return first && (others.length > 0 ? `${shortened(first)} +${others.length}` : shortened(first));
}

/** Their validity depends on other fields. */
const dependent = ['app', 'file', 'rate', 'track', 'stallTimeout'];
const v1Fields = ['follow', 'locations'];

RED.nodes.registerType<DialogProperties<typeof properties>>('twitter-stream-in', {
  category: 'X to Kafka',
  categoryDescription,
  color: '#7FA8C9',
  icon: 'twitter-stream-in.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: form.property('name'),
    app: form.property('app', { type: 'twitter-app', validate: validApp }),
    source: form.property('source'),
    rules: form.property('rules', { validate: validRules }),
    rulesMode: form.property('rulesMode'),
    track: form.property('track', { validate: validV1Field('track') }),
    follow: form.property('follow', { validate: validV1Field('follow') }),
    locations: form.property('locations', { validate: validV1Field('locations') }),
    language: form.property('language'),
    recover: form.property('recover'),
    fields: form.property('fields'),
    tweetFields: form.property('tweetFields'),
    expansions: form.property('expansions'),
    userFields: form.property('userFields'),
    mediaFields: form.property('mediaFields'),
    placeFields: form.property('placeFields'),
    pollFields: form.property('pollFields'),
    format: form.property('format'),
    dedupe: form.property('dedupe'),
    takeOver: form.property('takeOver'),
    dailyLimit: form.property('dailyLimit'),
    autostart: form.property('autostart'),
    stallTimeout: form.property('stallTimeout', { validate: validStallTimeout }),
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
      $('.twitter-stream-in-live').toggle(!isReplay(this));
      $('.twitter-stream-in-filtered').toggle(isFiltered(this));
      $('.twitter-stream-in-custom-fields').toggle(usesCustomFields(this));
      $('.twitter-stream-in-v1-filter').toggle(isV1Filter(this));
      form
        .input('stallTimeout')
        .attr('placeholder', String(stallTimeouts[isFiltered(this) ? 'v2' : 'v1'].default));
      $('.twitter-stream-in-own-rules').toggle(usesOwnRules(this));
      $('.twitter-stream-in-replay').toggle(isReplay(this));
      $('.twitter-stream-in-rate').toggle(usesRate(this));
      // The validity of these depends on the other fields.
      for (const name of dependent) form.input(name).trigger('change');
    };
    for (const name of ['source', 'rulesMode', 'fields', 'pace']) form.input(name).on('change', showRows);
    for (const name of v1Fields) form.input(name).on('change', () => form.input('track').trigger('input'));
    showRows();
    enableTestButton(
      'twitter-stream-in',
      (key) => this._(key),
      () => ({ id: this.id, app: form.entered('app'), rules: enteredRules() }),
      'node-input',
    );
    const rules = $('#node-input-rules-list').closest('.form-row');
    // Each rule shows its own.
    form.showProblems(this, {
      rows: { rules },
      isShown: (name) => name !== 'rules' || !enteredRules()?.length,
    });
  },
  oneditsave() {
    this.rules = enteredRules() ?? [];
    form.saveNumbers(this);
  },
});
