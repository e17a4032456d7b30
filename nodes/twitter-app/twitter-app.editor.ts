import type { EditorNodeProperties } from 'node-red';
import { cleanToken, isUnencrypted, readBaseUrl } from '../../src/stream/x/app';
import { envVariable } from '../../src/util/env-variable';
import { Problem } from '../../src/util/problem';
import { fillMissing, isVariable, sentence } from '../form.editor';
import { testButton } from '../test-button.editor';

interface Props extends EditorNodeProperties {
  auth: string;
  baseUrl: string;
}

interface Credentials {
  bearerToken: string;
  apiKey: string;
  apiSecret: string;
}

const tidiers = { bearerToken: cleanToken, apiKey: trimmed, apiSecret: trimmed };

const field = (name: string): JQuery => $(`#node-config-input-${name}`);
const typed = (name: string): string => String(field(name).val() ?? '');

function trimmed(text: string): string {
  return text.trim();
}

function tidy(): void {
  for (const [name, tidier] of Object.entries(tidiers)) {
    const text = typed(name);
    if (envVariable(text) === undefined && tidier(text) !== text) field(name).val(tidier(text));
  }
}

function authKnown(value: string, _options?: unknown): boolean | string {
  if (!value || value === 'bearer' || value === 'app' || isVariable(value)) return true;
  return sentence('setting-unknown', { field: 'auth', value });
}

function baseUrlUnderstood(value: string, _options?: unknown): boolean | string {
  if (isVariable(value)) return true;
  try {
    return readBaseUrl(value ?? '') !== '';
  } catch (error) {
    return error instanceof Problem ? sentence(error.key, error.params) : String(error);
  }
}

/** The rows of the chosen way in, and what a plain http address gives away. */
function show(warning: string): void {
  const byKey = typed('auth') === 'app';
  $('.twitter-app-bearer').toggle(!byKey);
  $('.twitter-app-key').toggle(byKey);
  const warned = isUnencrypted(typed('baseUrl'));
  const sign = $('<i class="fa fa-exclamation-triangle"></i>').css(
    'color',
    'var(--red-ui-text-color-warning)',
  );
  const box = field('baseUrl-warning').toggle(warned);
  if (warned !== box.children().length > 0)
    box.empty().append(warned ? [sign, document.createTextNode(` ${warning}`)] : []);
}

/** What the Test button tries: the fields that show, with the placeholders of stored secrets as they are. */
function shownFields(id: string): object {
  tidy();
  const fields = { id, auth: typed('auth'), baseUrl: typed('baseUrl') };
  if (fields.auth !== 'app') return { ...fields, bearerToken: typed('bearerToken') };
  return { ...fields, apiKey: typed('apiKey'), apiSecret: typed('apiSecret') };
}

RED.nodes.registerType<Props, Credentials>('twitter-app', {
  category: 'config',
  defaults: {
    name: { value: '' },
    auth: { value: 'bearer', validate: authKnown as never },
    baseUrl: { value: 'https://api.x.com', validate: baseUrlUnderstood as never },
  },
  credentials: {
    bearerToken: { type: 'password' },
    apiKey: { type: 'password' },
    apiSecret: { type: 'password' },
  },
  label() {
    if (this.name) return this.name;
    const type = this._('twitter-app.label.type');
    const host = (this.baseUrl ?? '').replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    return host === '' || host === 'api.x.com' || isVariable(this.baseUrl) ? type : `${type} @ ${host}`;
  },
  oneditprepare() {
    fillMissing(this as never, 'node-config-input');
    const warning = this._('twitter-app.warning.http');
    field('auth').on('change', () => show(warning));
    field('baseUrl').on('input change', () => show(warning));
    for (const name of Object.keys(tidiers)) field(name).on('change', tidy);
    show(warning);
    testButton(
      'twitter-app',
      (key) => this._(key),
      () => shownFields(this.id),
    );
  },
  oneditsave() {
    tidy();
    field('baseUrl').val(typed('baseUrl').trim());
  },
});
