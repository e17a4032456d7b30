import { listenerSecurity, parseBrokers } from '../../src/kafka/connection/broker-list';
import { type DialogProperties, hasVariable } from '../dialog-form.editor';
import { enableTestButton } from '../test-button.editor';
import { credentials, type properties } from './properties';
import {
  form,
  requiredFor,
  requireSasl,
  usesPassword,
  usesToken,
  validBrokers,
  validSasl,
  validTls,
  validTokenUrl,
} from './validators.editor';

const passwordFields = ['username', 'password'];
const tokenFields = ['oauthTokenUrl', 'oauthClientId', 'oauthClientSecret', 'oauthScope'];

/** Shows the rows of the chosen security; hidden fields keep their values. */
function showRows(): void {
  const sasl = form.entered('sasl');
  const tls = form.isChecked('useTls');
  $('.kafka-cluster-tls').toggle(tls);
  $('.kafka-cluster-password').toggle(usesPassword(sasl));
  $('.kafka-cluster-token').toggle(usesToken(sasl));
  $('.kafka-cluster-clear').toggle(!tls && (sasl === 'plain' || usesToken(sasl)));
}

/** Validates the fields whose validity depends on the chosen security. */
function validateDependent(): void {
  for (const name of ['tls', ...passwordFields, ...tokenFields]) form.input(name).trigger('change');
}

/** Rewrites valid brokers with one separator, without protocols, each with its port. */
function normalizeBrokers(): void {
  const entered = form.entered('brokers');
  if (!hasVariable(entered) && validBrokers(entered, undefined) === true) {
    form.input('brokers').val(parseBrokers(entered).join(', '));
  }
}

/**
 * A protocol of the brokers chooses TLS, and whether a SASL mechanism is required. While it is entered: rows that appear
 * only afterwards would move the Test button away under a click.
 * @param text a text of the catalogue
 */
function applyProtocol(text: (key: string) => string): void {
  const entered = form.entered('brokers');
  const security = validBrokers(entered, undefined) === true ? listenerSecurity(entered) : undefined;
  if (!security || hasVariable(entered)) return;
  const { protocol, tls, sasl } = security;
  form.input('useTls').prop('checked', tls).trigger('change');
  requireSasl(sasl);
  form.input('sasl').trigger('change');
  const words = text(`kafka-cluster.understood.${tls ? 'tls' : 'clear'}`);
  $('.kafka-cluster-understood').text(`${protocol}: ${words}`);
}

/** The fields for the Test button: only visible ones; a stored secret is Node-RED's placeholder. */
function testedFields(id: string): object {
  const sasl = form.entered('sasl');
  const names = usesPassword(sasl) ? passwordFields : usesToken(sasl) ? tokenFields : [];
  const tls = form.entered('tls');
  return {
    id,
    brokers: form.entered('brokers'),
    clientId: form.entered('clientId'),
    useTls: form.isChecked('useTls'),
    tls: tls === '_ADD_' ? '' : tls,
    sasl,
    ...Object.fromEntries(names.map((name) => [name, form.entered(name)])),
  };
}

RED.nodes.registerType<DialogProperties<typeof properties>, typeof credentials>('kafka-cluster', {
  category: 'config',
  defaults: {
    name: form.property('name'),
    brokers: form.property('brokers', { validate: validBrokers }),
    clientId: form.property('clientId'),
    useTls: form.property('useTls'),
    tls: form.property('tls', { type: 'tls-config', required: false, validate: validTls }),
    sasl: form.property('sasl', { validate: validSasl }),
    oauthTokenUrl: form.property('oauthTokenUrl', { validate: validTokenUrl }),
    oauthScope: form.property('oauthScope'),
    connectionTimeout: form.property('connectionTimeout'),
    requestTimeout: form.property('requestTimeout'),
  },
  credentials: {
    username: form.credential('username', credentials.username, requiredFor('sasl-no-user', usesPassword)),
    password: form.credential(
      'password',
      credentials.password,
      requiredFor('sasl-no-password', usesPassword),
    ),
    oauthClientId: form.credential(
      'oauthClientId',
      credentials.oauthClientId,
      requiredFor('oauth-no-client', usesToken),
    ),
    oauthClientSecret: form.credential(
      'oauthClientSecret',
      credentials.oauthClientSecret,
      requiredFor('oauth-no-secret', usesToken),
    ),
  },
  label() {
    return this.name || this.brokers || this._('kafka-cluster.label.type');
  },
  oneditprepare() {
    form.fillMissing(this);
    for (const name of ['useTls', 'sasl']) {
      form.input(name).on('change', () => {
        showRows();
        validateDependent();
      });
    }
    const text = (key: string): string => this._(key);
    requireSasl(false);
    form.input('brokers').on('input', () => applyProtocol(text));
    form.input('brokers').on('change', normalizeBrokers);
    showRows();
    enableTestButton('kafka-cluster', text, () => {
      normalizeBrokers();
      return testedFields(this.id);
    });
    form.showProblems(this);
  },
  oneditsave() {
    normalizeBrokers();
    for (const name of ['oauthTokenUrl', 'oauthScope']) form.input(name).val(form.entered(name).trim());
    form.saveNumbers(this);
  },
});
