import { OPERATIONS } from '../../src/kafka/admin/operations';
import { DialogForm, type DialogProperties } from '../dialog-form.editor';
import { sentence } from '../sentences.editor';
import { topicNameType } from '../topic-names.editor';
import { typedInput } from '../typed-input.editor';
import { properties } from './properties';

const form = new DialogForm(properties, 'node-input');

RED.nodes.registerType<DialogProperties<typeof properties>>('kafka-admin', {
  category: 'X to Kafka',
  color: '#87A980',
  icon: 'kafka-admin.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: form.property('name'),
    cluster: form.property('cluster', { type: 'kafka-cluster', required: true }),
    operation: form.property('operation', {
      validate: (operation) => String(operation ?? '').trim() !== '' || sentence('operation-none'),
    }),
    operationType: form.property('operationType'),
    target: form.property('target'),
    targetType: form.property('targetType'),
    options: { ...form.property('options'), validate: RED.validators.typedInput('optionsType') },
    optionsType: form.property('optionsType'),
    confirm: form.property('confirm'),
    timeout: form.property('timeout'),
  },
  inputLabels() {
    return this._('kafka-admin.port.request');
  },
  outputLabels() {
    return this._('kafka-admin.port.answer');
  },
  paletteLabel: 'kafka admin',
  label() {
    if (this.name) return this.name;
    const operation =
      this.operationType === 'str' ? this.operation : `${this.operationType}.${this.operation}`;
    return this.targetType === 'str' && this.target
      ? `${operation} ${this.target}`
      : operation || 'kafka-admin';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    form.fillMissing(this);
    const knownOperations = {
      value: 'str',
      label: this._('kafka-admin.label.known'),
      options: OPERATIONS.map((operation) => ({
        value: operation,
        label: this._(`kafka-admin.operations.${operation.replace('.', '-')}`),
      })),
    };
    typedInput('operation', [knownOperations, 'msg'], 'str');
    typedInput('target', [topicNameType(), 'msg', 'json', 'flow', 'global', 'env', 'jsonata'], 'str');
    typedInput('options', ['json', 'msg', 'flow', 'global', 'jsonata'], 'json');
    const showRows = (): void => {
      const fixed = form.entered('operationType') === 'str';
      const operation = form.entered('operation');
      $('.kafka-admin-target').toggle(!fixed || operation !== 'topics.list');
      $('.kafka-admin-tip')
        .toggle(fixed && operation !== '')
        .text(this._(`kafka-admin.tips.${operation.replace('.', '-')}`));
      $('.kafka-admin-confirm').toggle(fixed && operation === 'topics.delete');
    };
    form.input('operation').on('change', showRows);
    showRows();
  },
  oneditsave() {
    form.saveNumbers(this);
  },
});
