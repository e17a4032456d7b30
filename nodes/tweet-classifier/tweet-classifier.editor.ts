import type { EditorNodeProperties } from 'node-red';
import { KINDS } from '../../src/tweet/kinds';
import { fillMissing, labelTyped } from '../form.editor';
import { tryBox } from './try-box.editor';

interface Props extends EditorNodeProperties {
  property: string;
}

RED.nodes.registerType<Props>('tweet-classifier', {
  category: 'X to Kafka',
  color: '#7FA8C9',
  icon: 'tweet-classifier.svg',
  inputs: 1,
  outputs: 11,
  defaults: {
    name: { value: '' },
    property: { value: 'payload', validate: RED.validators.typedInput('msg') as never },
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
    fillMissing(this as never, 'node-input');
    $('#node-input-property').typedInput({ default: 'msg', types: ['msg'] });
    labelTyped('property');
    tryBox((key, params) => this._(key, params));
  },
});
