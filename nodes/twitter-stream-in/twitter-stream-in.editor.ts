import type { EditorNodeProperties } from 'node-red';
import { fillMissing, isVariable, numberFrom, saveNumbers, sentence, typedField } from '../form.editor';
import { faultOf, type Rule, rulesList, savedRules } from './rules-list.editor';

interface Props extends EditorNodeProperties {
  app: string;
  source: string;
  rules: Rule[];
  rulesMode: string;
  fields: string;
  tweetFields: string;
  expansions: string;
  userFields: string;
  mediaFields: string;
  placeFields: string;
  pollFields: string;
  format: string;
  dailyLimit: number;
  autostart: boolean;
  stallTimeout: number | string;
  file: string;
  fileType: string;
  pace: string;
  rate: number;
  repeat: boolean;
}

/** A field of the open dialog before what is saved. */
function now(node: Props, name: 'source' | 'rulesMode' | 'pace'): string {
  const field = $(`#node-input-${name}`);
  return field.length > 0 ? String(field.val()) : node[name];
}

function appChosen(this: Props, value: string, _options?: unknown): boolean | string {
  if (now(this, 'source') === 'replay') return true;
  if (!value || value === '_ADD_') return sentence('no-config', { what: 'twitter-app' });
  return RED.nodes.node(value) ? true : sentence('config-missing', { what: 'twitter-app' });
}

function rulesThere(this: Props, value: Rule[], _options?: unknown): boolean | string {
  if (now(this, 'source') === 'replay' || now(this, 'rulesMode') === 'app') return true;
  const rules = (savedRules() ?? value ?? []).map((rule) => (rule.value ?? '').trim()).filter(Boolean);
  if (rules.length === 0) return sentence('no-rules');
  const faulty = rules.find((rule) => faultOf(rule) !== undefined);
  return (
    faulty === undefined || sentence('rule-faulty', { rule: shortened(faulty), cause: faultOf(faulty) ?? '' })
  );
}

function fileNamed(this: Props, value: string, _options?: unknown): boolean | string {
  return now(this, 'source') !== 'replay' || (value ?? '').trim() !== '' || sentence('replay-no-path');
}

function rateThere(this: Props, value: unknown, options?: unknown): boolean | string {
  if (now(this, 'source') !== 'replay' || now(this, 'pace') !== 'rate') return true;
  return numberFrom('rate', 0.001)(value, options);
}

const limitThere = numberFrom('dailyLimit', 0);
const timeoutThere = numberFrom('stallTimeout', 1);

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

/** The first rule and how many more, or the file. */
function whatIn(node: Props): string | undefined {
  if (node.source === 'replay') return (node.file ?? '').split(/[/\\]/).pop();
  if (node.rulesMode === 'app') return undefined;
  const [first, ...more] = (node.rules ?? []).map(({ value }) => value);
  return first && (more.length > 0 ? `${shortened(first)} +${more.length}` : shortened(first));
}

RED.nodes.registerType<Props>('twitter-stream-in', {
  category: 'X to Kafka',
  color: '#7FA8C9',
  icon: 'twitter-stream-in.svg',
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: '' },
    app: { value: '', type: 'twitter-app', required: false, validate: appChosen as never },
    source: { value: 'filtered' },
    rules: { value: [], validate: rulesThere as never },
    rulesMode: { value: 'own' },
    fields: { value: 'all' },
    tweetFields: { value: '' },
    expansions: { value: '' },
    userFields: { value: '' },
    mediaFields: { value: '' },
    placeFields: { value: '' },
    pollFields: { value: '' },
    format: { value: 'object' },
    dailyLimit: { value: 0, validate: limitThere as never },
    autostart: { value: true },
    stallTimeout: { value: '', validate: timeoutThere as never },
    file: { value: '', validate: fileNamed as never },
    fileType: { value: 'str' },
    pace: { value: 'recorded' },
    rate: { value: 100, validate: rateThere as never },
    repeat: { value: false },
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
    const what = whatIn(this);
    return what && !isVariable(what) ? what : 'twitter-stream-in';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    fillMissing(this as never, 'node-input');
    rulesList(this.rules ?? [], (key) => this._(key));
    typedField('file', ['str', 'env', 'flow', 'global'], 'str');
    const show = (): void => {
      const replay = now(this, 'source') === 'replay';
      $('.twitter-stream-in-filtered').toggle(!replay);
      $('.twitter-stream-in-own-rules').toggle(!replay && now(this, 'rulesMode') !== 'app');
      $('.twitter-stream-in-replay').toggle(replay);
      $('.twitter-stream-in-rate').toggle(replay && now(this, 'pace') === 'rate');
      // What another field says decides whether these are right.
      $('#node-input-app, #node-input-file, #node-input-rate').trigger('change');
    };
    $('#node-input-source, #node-input-rulesMode, #node-input-pace').on('change', show);
    show();
    // What is wrong, or hides a field above, must not be folded away.
    const right = limitThere(this.dailyLimit) === true && timeoutThere(this.stallTimeout) === true;
    $('#node-input-more').prop('open', !right || this.rulesMode === 'app');
  },
  oneditsave() {
    this.rules = savedRules() ?? [];
    saveNumbers(this as never, 'node-input', ['dailyLimit', 'stallTimeout', 'rate']);
  },
});
