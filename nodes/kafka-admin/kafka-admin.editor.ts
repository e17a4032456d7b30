import type { EditorNodeProperties } from 'node-red';
import { OPERATIONS } from '../../src/kafka/admin/operations';
import { fillMissing, numberFrom, required, saveNumbers, topicNames, typedField } from '../form.editor';

interface Props extends EditorNodeProperties {
  cluster: string;
  operation: string;
  operationType: string;
  target: string;
  targetType: string;
  options: string;
  optionsType: string;
  confirm: boolean;
  timeout: number;
}

RED.nodes.registerType<Props>('kafka-admin', {
  category: 'X to Kafka',
  color: '#87A980',
  icon: 'kafka-admin.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: '' },
    cluster: { value: '', type: 'kafka-cluster', required: true },
    operation: { value: 'topics.list', validate: required('operation-none') as never },
    operationType: { value: 'str' },
    target: { value: '' },
    targetType: { value: 'str' },
    options: { value: '{}', validate: RED.validators.typedInput('optionsType') as never },
    optionsType: { value: 'json' },
    confirm: { value: false },
    timeout: { value: 30, validate: numberFrom('timeout', 1) as never },
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
    fillMissing(this as never, 'node-input');
    const known = {
      value: 'str',
      label: this._('kafka-admin.label.known'),
      options: OPERATIONS.map((operation) => ({
        value: operation,
        label: this._(`kafka-admin.operations.${operation.replace('.', '-')}`),
      })),
    };
    typedField('operation', [known, 'msg'], 'str');
    typedField('target', [topicNames(), 'msg', 'json', 'flow', 'global', 'env', 'jsonata'], 'str');
    typedField('options', ['json', 'msg', 'flow', 'global', 'jsonata'], 'json');
    const showFields = (): void => {
      const fixed = $('#node-input-operationType').val() === 'str';
      const operation = String($('#node-input-operation').val());
      $('.kafka-admin-target').toggle(!fixed || operation !== 'topics.list');
      $('.kafka-admin-tip')
        .toggle(fixed && operation !== '')
        .text(this._(`kafka-admin.tips.${operation.replace('.', '-')}`));
      $('.kafka-admin-confirm').toggle(fixed && operation === 'topics.delete');
    };
    $('#node-input-operation').on('change', showFields);
    showFields();
  },
  oneditsave() {
    saveNumbers(this as never, 'node-input', ['timeout']);
  },
});
