import type { EditorNodeProperties } from 'node-red';
import {
  fillMissing,
  isVariable,
  numberFrom,
  saveNumbers,
  sentence,
  topicNames,
  typedField,
} from '../form.editor';

interface Props extends EditorNodeProperties {
  cluster: string;
  topic: string;
  topicType: string;
  key: string;
  keyType: string;
  value: string;
  valueType: string;
  partition: string;
  partitionType: string;
  headers: string;
  headersType: string;
  timestamp: string;
  timestampType: string;
  acks: string;
  idempotent: boolean;
  compression: string;
  linger: number;
  memoryLimit: number;
  deliveryTimeout: number;
  createTopic: boolean;
  createPartitions: number;
  createReplication: number | string;
}

const numbers = ['linger', 'memoryLimit', 'deliveryTimeout', 'createPartitions', 'createReplication'];

function topicFilled(this: Props, value: string, _options?: unknown): boolean | string {
  const field = $('#node-input-topicType');
  const type = field.length > 0 ? String(field.val()) : this.topicType;
  if (!value) return sentence('topic-none');
  if (type !== 'str' || isVariable(value) || /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/.test(value)) return true;
  return sentence('topic-invalid', { topic: value });
}

RED.nodes.registerType<Props>('kafka-out', {
  category: 'X to Kafka',
  color: '#87A980',
  icon: 'kafka-out.svg',
  align: 'right',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: '' },
    cluster: { value: '', type: 'kafka-cluster', required: true },
    topic: { value: '', validate: topicFilled as never },
    topicType: { value: 'str' },
    key: { value: 'key' },
    keyType: { value: 'msg' },
    value: { value: 'payload' },
    valueType: { value: 'msg' },
    partition: { value: '' },
    partitionType: { value: 'num' },
    headers: { value: '' },
    headersType: { value: 'none' },
    timestamp: { value: 'timestamp' },
    timestampType: { value: 'msg' },
    acks: { value: 'all' },
    idempotent: { value: true },
    compression: { value: 'none' },
    linger: { value: 0, validate: numberFrom('linger', 0) as never },
    memoryLimit: { value: 32, validate: numberFrom('memoryLimit', 0.001) as never },
    deliveryTimeout: { value: 120, validate: numberFrom('deliveryTimeout', 1) as never },
    createTopic: { value: false },
    createPartitions: { value: 1, validate: numberFrom('createPartitions', 1) as never },
    createReplication: { value: '', validate: numberFrom('createReplication', 1) as never },
  },
  inputLabels() {
    return this._('kafka-out.port.record');
  },
  outputLabels() {
    return this._('kafka-out.port.acknowledged');
  },
  paletteLabel: 'kafka out',
  label() {
    if (this.name) return this.name;
    const cluster = RED.nodes.node(this.cluster) as unknown as { name?: string; brokers?: string } | null;
    const topic = this.topicType === 'str' ? this.topic : `${this.topicType}.${this.topic}`;
    const where = cluster?.name || cluster?.brokers;
    return this.topic && where ? `${topic} @ ${where}` : this.topic || 'kafka-out';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    fillMissing(this as never, 'node-input');
    typedField('topic', [topicNames(), 'msg', 'flow', 'global', 'env', 'jsonata'], 'str');
    typedField('value', ['msg', 'flow', 'global', 'str', 'json', 'jsonata']);
    typedField('key', ['msg', 'flow', 'global', 'str', 'jsonata']);
    typedField('timestamp', ['msg', 'flow', 'global', 'num', 'jsonata']);
    typedField('partition', ['num', 'msg', 'jsonata'], 'num');
    const none = { value: 'none', label: this._('kafka-out.label.none'), hasValue: false };
    typedField('headers', [none, 'msg', 'json', 'flow', 'global', 'jsonata'], 'none');
    const showCreation = (): void => {
      $('.kafka-out-creation').toggle($('#node-input-createTopic').is(':checked'));
    };
    const showIdempotence = (): void => {
      $('.kafka-out-idempotent').toggle($('#node-input-acks').val() === 'all');
    };
    $('#node-input-createTopic').on('change', showCreation);
    $('#node-input-acks').on('change', showIdempotence);
    showCreation();
    showIdempotence();
  },
  oneditsave() {
    saveNumbers(this as never, 'node-input', numbers);
  },
});
