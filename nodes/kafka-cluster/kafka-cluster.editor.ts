import type { EditorNodeProperties } from 'node-red';
import { parseBrokers } from '../../src/kafka/brokers';
import { Problem } from '../../src/problem';
import { isVariable, numberFrom, saveNumbers, say } from '../form.editor';

interface Props extends EditorNodeProperties {
  brokers: string;
  clientId: string;
  useTls: boolean;
  tls: string;
  sasl: string;
  oauthTokenUrl: string;
  oauthScope: string;
  connectionTimeout: number;
  requestTimeout: number;
}

interface Credentials {
  username: string;
  password: string;
  oauthClientId: string;
  oauthClientSecret: string;
}

function brokersUnderstood(value: string, _options?: unknown): boolean | string {
  if (isVariable(value)) return true;
  try {
    return parseBrokers(value ?? '').length > 0;
  } catch (error) {
    return error instanceof Problem ? say(error.key, error.params) : String(error);
  }
}

RED.nodes.registerType<Props, Credentials>('kafka-cluster', {
  category: 'config',
  defaults: {
    name: { value: '' },
    brokers: { value: 'localhost:9092', required: true, validate: brokersUnderstood as never },
    clientId: { value: 'node-red' },
    useTls: { value: false },
    tls: { value: '', type: 'tls-config', required: false },
    sasl: { value: 'none' },
    oauthTokenUrl: { value: '' },
    oauthScope: { value: '' },
    connectionTimeout: { value: 10, validate: numberFrom('connectionTimeout', 1) as never },
    requestTimeout: { value: 12, validate: numberFrom('requestTimeout', 3) as never },
  },
  credentials: {
    username: { type: 'text' },
    password: { type: 'password' },
    oauthClientId: { type: 'text' },
    oauthClientSecret: { type: 'password' },
  },
  label() {
    return this.name || this.brokers || this._('kafka-cluster.label.type');
  },
  oneditsave() {
    saveNumbers(this as never, 'node-config-input', ['connectionTimeout', 'requestTimeout']);
  },
});
