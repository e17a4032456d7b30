import type { EditorNodeProperties } from 'node-red';
import { Problem } from '../../src/problem';
import { readBaseUrl } from '../../src/stream/x-app';
import { isVariable, say } from '../form.editor';

interface Props extends EditorNodeProperties {
  auth: string;
  baseUrl: string;
  proxy: string;
}

interface Credentials {
  bearerToken: string;
  apiKey: string;
  apiSecret: string;
  accessToken: string;
  accessTokenSecret: string;
}

function baseUrlUnderstood(value: string, _options?: unknown): boolean | string {
  if (isVariable(value)) return true;
  try {
    return readBaseUrl(value ?? '') !== '';
  } catch (error) {
    return error instanceof Problem ? say(error.key, error.params) : String(error);
  }
}

RED.nodes.registerType<Props, Credentials>('twitter-app', {
  category: 'config',
  defaults: {
    name: { value: '' },
    auth: { value: 'bearer' },
    baseUrl: { value: 'https://api.x.com', validate: baseUrlUnderstood as never },
    proxy: { value: '' },
  },
  credentials: {
    bearerToken: { type: 'password' },
    apiKey: { type: 'password' },
    apiSecret: { type: 'password' },
    accessToken: { type: 'password' },
    accessTokenSecret: { type: 'password' },
  },
  label() {
    return this.name || this._('twitter-app.label.type');
  },
});
