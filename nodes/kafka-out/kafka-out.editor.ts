import { topicName } from '../../src/kafka/topic-name';
import { categoryDescription } from '../category.editor';
import { topicNameType } from '../cluster-names.editor';
import { DialogForm, type DialogProperties, hasVariable, validConfig } from '../dialog-form.editor';
import { accepted } from '../sentences.editor';
import { typedInput } from '../typed-input.editor';
import { properties } from './properties';

const form = new DialogForm(properties, 'node-input');

RED.nodes.registerType<DialogProperties<typeof properties>>('kafka-out', {
  category: 'X to Kafka',
  categoryDescription,
  color: '#3FADB5',
  icon: 'kafka-out.svg',
  align: 'right',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: form.property('name'),
    cluster: form.property('cluster', { type: 'kafka-cluster', validate: validConfig('kafka-cluster') }),
    topic: form.property('topic', {
      validate(topic, node) {
        const isName = form.current(node, 'topicType') === 'str' && !hasVariable(topic);
        // Any other text, but not a blank one, is a property or an expression.
        return (topic && !isName) || accepted(() => topicName(topic));
      },
    }),
    topicType: form.property('topicType'),
    key: form.property('key'),
    keyType: form.property('keyType'),
    value: form.property('value'),
    valueType: form.property('valueType'),
    partition: form.property('partition'),
    partitionType: form.property('partitionType'),
    headers: form.property('headers'),
    headersType: form.property('headersType'),
    timestamp: form.property('timestamp'),
    timestampType: form.property('timestampType'),
    acks: form.property('acks'),
    idempotent: form.property('idempotent'),
    compression: form.property('compression'),
    linger: form.property('linger'),
    queue: form.property('queue'),
    memoryLimit: form.property('memoryLimit'),
    diskLimit: form.property('diskLimit'),
    deliveryTimeout: form.property('deliveryTimeout'),
    createTopic: form.property('createTopic'),
    createPartitions: form.property('createPartitions'),
    createReplication: form.property('createReplication'),
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
    // A flow made by hand may lack the type.
    const { topicType = properties.topicType.default } = this;
    const topic = topicType === 'str' ? this.topic : `${topicType}.${this.topic}`;
    const where = cluster?.name || cluster?.brokers;
    return this.topic && where ? `${topic} @ ${where}` : this.topic || 'kafka-out';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    form.fillMissing(this);
    typedInput('topic', [topicNameType(), 'msg', 'flow', 'global', 'env', 'jsonata'], 'str');
    typedInput('value', ['msg', 'flow', 'global', 'str', 'json', 'jsonata']);
    typedInput('key', ['msg', 'flow', 'global', 'str', 'jsonata']);
    typedInput('timestamp', ['msg', 'flow', 'global', 'num', 'jsonata']);
    typedInput('partition', ['num', 'msg', 'jsonata'], 'num');
    const none = { value: 'none', label: this._('kafka-out.label.none'), hasValue: false };
    typedInput('headers', [none, 'msg', 'json', 'flow', 'global', 'jsonata'], 'none');
    const showRows = (): void => {
      $('.kafka-out-creation').toggle(form.isChecked('createTopic'));
      $('.kafka-out-idempotent').toggle(form.entered('acks') === 'all');
      const queue = form.entered('queue');
      $('.kafka-out-on-disk').toggle(queue !== 'memory');
      $('.kafka-out-in-memory').toggle(queue === 'memory');
      $('.kafka-out-crash').text(queue && this._(`kafka-out.crash.${queue}`));
    };
    for (const name of ['createTopic', 'acks', 'queue']) form.input(name).on('change', showRows);
    showRows();
    form.showProblems(this);
  },
  oneditsave() {
    form.saveNumbers(this);
  },
});
