import type { ConnectionOptions } from 'node:tls';
import type { Node, NodeAPI } from 'node-red';
import { listenerSecurity, parseBrokers } from '../../src/kafka/connection/broker-list';
import type { ClusterSettings } from '../../src/kafka/connection/client';
import { readSecurity } from '../../src/kafka/security/settings';
import type { SavedProperties } from '../../src/node-red/saved-properties';
import type { Variable } from '../../src/util/env-variable';
import { Problem } from '../../src/util/problem';
import type { credentials, properties } from './properties';

export type ClusterCredentials = Partial<Record<keyof typeof credentials, string>>;

/**
 * The settings of a Kafka client, in milliseconds.
 * @param variable the environment variables in the texts; undefined: they are filled in already
 * @throws Problem that names what is missing or invalid, without a secret
 */
export function clusterSettings(
  RED: NodeAPI,
  settings: SavedProperties<typeof properties>,
  { username, password, oauthClientId, oauthClientSecret }: ClusterCredentials,
  variable?: Variable,
): ClusterSettings {
  const brokers = settings.text('brokers');
  // A flow made by hand, or an environment variable, may ask for TLS by the protocol alone.
  const useTls = settings.get('useTls') === true || listenerSecurity(brokers)?.tls === true;
  return {
    brokers: parseBrokers(brokers),
    clientId: settings.text('clientId') || 'node-red',
    connectionTimeout: 1000 * settings.number('connectionTimeout'),
    requestTimeout: 1000 * settings.number('requestTimeout'),
    ...readSecurity({
      useTls,
      tls: useTls ? tlsOptions(RED, settings.get('tls')) : undefined,
      sasl: settings.get('sasl'),
      oauthTokenUrl: settings.get('oauthTokenUrl'),
      oauthScope: settings.get('oauthScope'),
      username,
      password,
      oauthClientId,
      oauthClientSecret,
      variable,
    }),
  };
}

interface TlsConfig extends Node {
  valid: boolean;
  addTLSOptions(options: ConnectionOptions): ConnectionOptions;
}

/** The options of the chosen tls-config node. A missing node must not mean "no certificates". */
function tlsOptions(RED: NodeAPI, id: string): ConnectionOptions | undefined {
  if (!id) return undefined;
  const node = RED.nodes.getNode(id) as TlsConfig | null | undefined;
  if (!node) throw new Problem('config-missing', { what: 'tls-config' });
  if (node.type !== 'tls-config') throw new Problem('config-other-type', { what: 'tls-config' });
  if (!node.valid) throw new Problem('tls-config-invalid');
  return node.addTLSOptions({});
}
