import { parseBrokers } from '../../src/kafka/connection/broker-list';
import { readTokenUrl } from '../../src/kafka/security/token-url';
import type { SentenceKey } from '../../src/util/english';
import { Problem } from '../../src/util/problem';
import { isVariable, sentence } from '../form.editor';

/** What the validators look at; in a dialog, what stands there. */
export interface Choice {
  useTls: boolean;
  sasl: string;
}

type Checked = boolean | string;

const passwordMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'];

export const byPassword = (sasl: string): boolean => passwordMechanisms.includes(sasl);
export const byToken = (sasl: string): boolean => sasl === 'oauthbearer';

export const field = (name: string): JQuery => $(`#node-config-input-${name}`);
export const typed = (name: string): string => String(field(name).val() ?? '');

export function brokersUnderstood(value: string, _options?: unknown): Checked {
  return isVariable(value) || spoken(() => parseBrokers(value ?? ''));
}

export function saslKnown(value: string, _options?: unknown): Checked {
  if (!value || value === 'none' || isVariable(value) || byPassword(value) || byToken(value)) return true;
  return sentence('sasl-unknown', { sasl: value });
}

/** A configuration that was deleted; none at all means the public CAs. */
export function tlsThere(this: Choice, value: string, _options?: unknown): Checked {
  const { useTls } = chosen(this);
  if (!useTls || !value || value === '_ADD_' || isVariable(value) || RED.nodes.node(value)) return true;
  return sentence('config-missing', { what: 'tls-config' });
}

export function tokenUrlUnderstood(this: Choice, value: string, _options?: unknown): Checked {
  if (!byToken(chosen(this).sasl) || isVariable(value)) return true;
  return spoken(() => readTokenUrl(value ?? ''));
}

/** Checks a credential that a chosen mechanism cannot do without. @param key the sentence's key */
export function needed(
  key: SentenceKey,
  isNeeded: (sasl: string) => boolean,
): (this: Choice, value: string, options?: unknown) => Checked {
  // Node-RED hands the reason on only from a validator of two parameters.
  return function (this: Choice, value: string, _options?: unknown): Checked {
    const { sasl } = chosen(this);
    return !isNeeded(sasl) || !!value || sentence(key, { mechanism: sasl.toUpperCase() });
  };
}

function chosen(node: Choice): Choice {
  if (field('sasl').length === 0) return { useTls: node.useTls === true, sasl: node.sasl ?? 'none' };
  return { useTls: field('useTls').is(':checked'), sasl: typed('sasl') };
}

function spoken(read: () => unknown): Checked {
  try {
    read();
    return true;
  } catch (error) {
    return error instanceof Problem ? sentence(error.key, error.params) : String(error);
  }
}
