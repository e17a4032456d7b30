import type { PropertyTable } from '../../src/node-red/saved-properties';

export const properties = {
  name: { default: '' },
  brokers: { default: 'localhost:9092' },
  clientId: { default: 'node-red' },
  useTls: { default: false },
  /** A tls-config node; blank for the public CAs. */
  tls: { default: '' },
  sasl: { default: 'none', choices: ['none', 'plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] },
  oauthTokenUrl: { default: '' },
  oauthScope: { default: '' },
  /** Seconds. */
  connectionTimeout: { default: 10, minimum: 1 },
  /** Seconds. */
  requestTimeout: { default: 12, minimum: 3 },
} as const satisfies PropertyTable;

export const credentials = {
  username: { type: 'text' },
  password: { type: 'password' },
  oauthClientId: { type: 'text' },
  oauthClientSecret: { type: 'password' },
} as const;
