import type { EditorNodeProperties } from 'node-red';
import { parseBrokers } from '../../src/kafka/connection/broker-list';
import { fillMissing, isVariable, numberFrom, saveNumbers } from '../form.editor';
import { testButton } from '../test-button.editor';
import {
  brokersUnderstood,
  byPassword,
  byToken,
  field,
  needed,
  saslKnown,
  tlsThere,
  tokenUrlUnderstood,
  typed,
} from './checks.editor';

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

const passwordFields = ['username', 'password'];
const tokenFields = ['oauthTokenUrl', 'oauthClientId', 'oauthClientSecret', 'oauthScope'];

/** Shows the rows of the chosen security; what is hidden keeps its value. */
function show(): void {
  const sasl = typed('sasl');
  const tls = field('useTls').is(':checked');
  $('.kafka-cluster-tls').toggle(tls);
  $('.kafka-cluster-password').toggle(byPassword(sasl));
  $('.kafka-cluster-token').toggle(byToken(sasl));
  $('.kafka-cluster-clear').toggle(!tls && (sasl === 'plain' || byToken(sasl)));
}

/** Whether a field is valid depends on the choice. */
function check(): void {
  for (const name of ['tls', ...passwordFields, ...tokenFields]) field(name).trigger('change');
}

/** Brokers as they were understood: one separator, no protocol, each with its port. */
function tidyBrokers(): void {
  const text = typed('brokers');
  if (!isVariable(text) && brokersUnderstood(text) === true) {
    field('brokers').val(parseBrokers(text).join(', '));
  }
}

/** What the Test button tries: the fields that show, with the placeholders of stored secrets as they are. */
function shownFields(id: string): object {
  tidyBrokers();
  const sasl = typed('sasl');
  const names = byPassword(sasl) ? passwordFields : byToken(sasl) ? tokenFields : [];
  const tls = typed('tls');
  return {
    id,
    brokers: typed('brokers'),
    clientId: typed('clientId'),
    useTls: field('useTls').is(':checked'),
    tls: tls === '_ADD_' ? '' : tls,
    sasl,
    ...Object.fromEntries(names.map((name) => [name, typed(name)])),
  };
}

RED.nodes.registerType<Props, Credentials>('kafka-cluster', {
  category: 'config',
  defaults: {
    name: { value: '' },
    brokers: { value: 'localhost:9092', validate: brokersUnderstood as never },
    clientId: { value: 'node-red' },
    useTls: { value: false },
    tls: { value: '', type: 'tls-config', required: false, validate: tlsThere as never },
    sasl: { value: 'none', validate: saslKnown as never },
    oauthTokenUrl: { value: '', validate: tokenUrlUnderstood as never },
    oauthScope: { value: '' },
    connectionTimeout: { value: 10, validate: numberFrom('connectionTimeout', 1) as never },
    requestTimeout: { value: 12, validate: numberFrom('requestTimeout', 3) as never },
  },
  credentials: {
    username: { type: 'text', validate: needed('sasl-no-user', byPassword) } as never,
    password: { type: 'password', validate: needed('sasl-no-password', byPassword) } as never,
    oauthClientId: { type: 'text', validate: needed('oauth-no-client', byToken) } as never,
    oauthClientSecret: { type: 'password', validate: needed('oauth-no-secret', byToken) } as never,
  },
  label() {
    return this.name || this.brokers || this._('kafka-cluster.label.type');
  },
  oneditprepare() {
    fillMissing(this as never, 'node-config-input');
    for (const name of ['useTls', 'sasl']) {
      field(name).on('change', () => {
        show();
        check();
      });
    }
    field('brokers').on('change', tidyBrokers);
    show();
    testButton(
      'kafka-cluster',
      (key) => this._(key),
      () => shownFields(this.id),
    );
  },
  oneditsave() {
    tidyBrokers();
    for (const name of ['oauthTokenUrl', 'oauthScope']) field(name).val(typed(name).trim());
    saveNumbers(this as never, 'node-config-input', ['connectionTimeout', 'requestTimeout']);
  },
});
