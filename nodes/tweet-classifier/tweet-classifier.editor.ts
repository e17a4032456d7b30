import { KINDS } from '../../src/tweet/kinds';
import { categoryDescription } from '../category.editor';
import { DialogForm, type DialogProperties } from '../dialog-form.editor';
import { labelTypedInput } from '../typed-input.editor';
import { properties } from './properties';
import { showTryBox } from './try-box.editor';

const form = new DialogForm(properties, 'node-input');

RED.nodes.registerType<DialogProperties<typeof properties>>('tweet-classifier', {
  category: 'X to Kafka',
  categoryDescription,
  color: '#7FA8C9',
  icon: 'tweet-classifier.svg',
  inputs: 1,
  outputs: 11,
  defaults: {
    name: form.property('name'),
    property: { ...form.property('property'), validate: RED.validators.typedInput('msg') },
  },
  inputLabels() {
    return this._('tweet-classifier.port.message');
  },
  outputLabels: (index: number) => KINDS[index] ?? '',
  paletteLabel: 'tweet classifier',
  label() {
    return this.name || 'tweet-classifier';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    form.fillMissing(this);
    form.input('property').typedInput({ default: 'msg', types: ['msg'] });
    labelTypedInput('property');
    showTryBox((key, params) => this._(key, params));
    form.showProblems(this);
  },
});
