import type { ConnectionOptions } from 'node:tls';
import type { Node, NodeAPI } from 'node-red';
import { parseBrokers } from '../../src/kafka/connection/broker-list';
import type { ClusterSettings } from '../../src/kafka/connection/client';
import { readSecurity } from '../../src/kafka/security/settings';
import { savedNumber } from '../../src/node-red/saved-number';
import { Problem } from '../../src/util/problem';

/** The saved properties of kafka-cluster. */
export interface ClusterDef {
  brokers: string;
  clientId: string;
  useTls: boolean;
  tls: string;
  sasl: string;
  oauthTokenUrl: string;
  oauthScope: string;
  connectionTimeout: number | string;
  requestTimeout: number | string;
}

export const credentialTypes = {
  username: { type: 'text' },
  password: { type: 'password' },
  oauthClientId: { type: 'text' },
  oauthClientSecret: { type: 'password' },
} as const;

export type ClusterCredentials = Partial<Record<keyof typeof credentialTypes, string>>;

/**
 * Saved properties and credentials as a client wants them.
 * @throws Problem that names what is missing or wrong, without a secret
 */
export function clusterSettings(
  RED: NodeAPI,
  def: Partial<ClusterDef>,
  credentials: ClusterCredentials,
): ClusterSettings {
  return {
    brokers: parseBrokers(def.brokers ?? ''),
    clientId: def.clientId || 'node-red',
    connectionTimeout: 1000 * savedNumber('connectionTimeout', def.connectionTimeout, 10, 1),
    requestTimeout: 1000 * savedNumber('requestTimeout', def.requestTimeout, 12, 3),
    ...readSecurity({
      useTls: def.useTls === true,
      tls: def.useTls === true ? tlsOptions(RED, def.tls) : undefined,
      sasl: def.sasl ?? 'none',
      oauthTokenUrl: def.oauthTokenUrl,
      oauthScope: def.oauthScope,
      username: credentials.username,
      password: credentials.password,
      oauthClientId: credentials.oauthClientId,
      oauthClientSecret: credentials.oauthClientSecret,
    }),
  };
}

interface TlsConfig extends Node {
  valid: boolean;
  addTLSOptions(options: ConnectionOptions): ConnectionOptions;
}

/** What the chosen tls-config node adds. One that is chosen and not there must not mean "no certificates". */
function tlsOptions(RED: NodeAPI, id: string | undefined): ConnectionOptions | undefined {
  if (!id) return undefined;
  const node = RED.nodes.getNode(id) as TlsConfig | null | undefined;
  if (!node) throw new Problem('config-missing', { what: 'tls-config' });
  if (node.type !== 'tls-config') throw new Problem('config-other-type', { what: 'tls-config' });
  if (!node.valid) throw new Problem('tls-config-invalid');
  return node.addTLSOptions({});
}
