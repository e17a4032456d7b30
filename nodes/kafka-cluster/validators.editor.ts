import { parseBrokers } from '../../src/kafka/connection/broker-list';
import { readTokenUrl } from '../../src/kafka/security/token-url';
import type { SentenceKey } from '../../src/util/english';
import { type Check, DialogForm, type DialogNode, hasVariable, isVariable } from '../dialog-form.editor';
import { accepted, sentence } from '../sentences.editor';
import { properties } from './properties';

export const form = new DialogForm(properties, 'node-config-input');

type ClusterNode = DialogNode<typeof properties>;

export const usesPassword = (sasl: string): boolean =>
  sasl === 'plain' || sasl === 'scram-sha-256' || sasl === 'scram-sha-512';
export const usesToken = (sasl: string): boolean => sasl === 'oauthbearer';

export const validBrokers: Check<string> = (brokers) =>
  hasVariable(brokers) || accepted(() => parseBrokers(brokers ?? ''));

/** Rejects a tls-config node that was deleted; without one, the public CAs apply. */
export const validTls: Check<string, ClusterNode> = (id, node) => {
  const useTls = form.input('useTls').length > 0 ? form.isChecked('useTls') : node.useTls;
  if (!useTls || !id || id === '_ADD_' || isVariable(id) || RED.nodes.node(id)) return true;
  return sentence('config-missing', { what: 'tls-config' });
};

export const validTokenUrl: Check<string, ClusterNode> = (url, node) =>
  !usesToken(form.current(node, 'sasl')) || hasVariable(url) || accepted(() => readTokenUrl(url ?? ''));

/** Requires a credential where the chosen mechanism uses it. @param key the sentence for a missing one */
export const requiredFor =
  (key: SentenceKey, isUsed: (sasl: string) => boolean): Check<string, ClusterNode> =>
  (value, node) => {
    const sasl = form.current(node, 'sasl');
    return !isUsed(sasl) || !!value || sentence(key, { mechanism: sasl.toUpperCase() });
  };

/** The protocol of the brokers that were entered asks for SASL. */
let asksForSasl = false;

export const requireSasl = (asks: boolean): void => {
  asksForSasl = asks;
};

export const validSasl: Check<string> = (sasl) => {
  const isOpen = form.input('sasl').length > 0;
  if (isOpen && asksForSasl && sasl === 'none') return sentence('sasl-mechanism-none');
  return form.checkOf('sasl')(sasl);
};
