import type { EditorNodeCredential } from 'node-red';
import { cleanSecret, cleanToken, credentialNames, isUnencrypted, readBaseUrl } from '../../src/stream/x/app';
import type { SentenceKey } from '../../src/util/english';
import { envVariable } from '../../src/util/env-variable';
import { DialogForm, type DialogProperties, hasVariable } from '../dialog-form.editor';
import { accepted, sentence } from '../sentences.editor';
import { enableTestButton } from '../test-button.editor';
import { credentials, properties } from './properties';

const form = new DialogForm(properties, 'node-config-input');

const cleaners = {
  bearerToken: cleanToken,
  apiKey: cleanSecret,
  apiSecret: cleanSecret,
  accessToken: cleanSecret,
  accessTokenSecret: cleanSecret,
};

/** Removes from pasted credentials what does not belong to them. */
function cleanCredentials(): void {
  for (const [name, clean] of Object.entries(cleaners)) {
    const text = form.entered(name);
    if (envVariable(text) === undefined && clean(text) !== text) form.input(name).val(clean(text));
  }
}

/** Shows the rows of the chosen credentials, and a warning about an unencrypted base URL. */
function showRows(warning: string): void {
  const auth = form.entered('auth');
  $('.twitter-app-bearer').toggle(auth === 'bearer');
  $('.twitter-app-key').toggle(auth !== 'bearer');
  $('.twitter-app-oauth1').toggle(auth === 'oauth1');
  const warned = isUnencrypted(form.entered('baseUrl'));
  const sign = $('<i class="fa fa-exclamation-triangle"></i>').css(
    'color',
    'var(--red-ui-text-color-warning)',
  );
  const box = form.input('baseUrl-warning').toggle(warned);
  if (warned !== box.children().length > 0)
    box.empty().append(warned ? [sign, document.createTextNode(` ${warning}`)] : []);
}

/** The fields for the Test button: only visible ones; a stored secret is Node-RED's placeholder. */
function testedFields(id: string): object {
  cleanCredentials();
  const auth = form.entered('auth');
  const names = credentialNames(auth);
  return {
    id,
    auth,
    baseUrl: form.entered('baseUrl'),
    proxy: selected('proxy'),
    ...Object.fromEntries(names.map((name) => [name, form.entered(name)])),
  };
}

/** The id of the selected config node; '' for none. */
function selected(name: string): string {
  const id = form.entered(name);
  return id === '_ADD_' ? '' : id;
}

/** A credential that the chosen kind of App needs. @param key the sentence for a missing one */
const required = (name: keyof typeof credentials, key: SentenceKey): EditorNodeCredential =>
  form.credential(name, credentials[name], (value, node) => {
    const names: readonly string[] = credentialNames(form.current(node, 'auth'));
    return !names.includes(name) || !!value || sentence(key);
  });

RED.nodes.registerType<DialogProperties<typeof properties>, typeof credentials>('twitter-app', {
  category: 'config',
  defaults: {
    name: form.property('name'),
    auth: form.property('auth'),
    baseUrl: form.property('baseUrl', {
      validate: (url) => hasVariable(url) || accepted(() => readBaseUrl(url ?? '')),
    }),
    proxy: form.property('proxy', { type: 'http proxy', required: false }),
  },
  credentials: {
    bearerToken: required('bearerToken', 'token-missing'),
    apiKey: required('apiKey', 'key-missing'),
    apiSecret: required('apiSecret', 'key-missing'),
    accessToken: required('accessToken', 'oauth1-missing'),
    accessTokenSecret: required('accessTokenSecret', 'oauth1-missing'),
  },
  label() {
    if (this.name) return this.name;
    const type = this._('twitter-app.label.type');
    const host = (this.baseUrl ?? '').replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    return host === '' || host === 'api.x.com' || hasVariable(this.baseUrl) ? type : `${type} @ ${host}`;
  },
  oneditprepare() {
    form.fillMissing(this);
    const warning = this._('twitter-app.warning.http');
    form.input('auth').on('change', () => showRows(warning));
    form.input('baseUrl').on('input change', () => showRows(warning));
    for (const name of Object.keys(cleaners)) form.input(name).on('change', cleanCredentials);
    showRows(warning);
    enableTestButton(
      'twitter-app',
      (key) => this._(key),
      () => testedFields(this.id),
    );
    form.showProblems(this);
  },
  oneditsave() {
    cleanCredentials();
    form.input('baseUrl').val(form.entered('baseUrl').trim());
  },
});
