import type { PropertyTable } from '../../src/node-red/saved-properties';

export const properties = {
  name: { default: '' },
  auth: { default: 'bearer', choices: ['bearer', 'app', 'oauth1'] },
  baseUrl: { default: 'https://api.x.com' },
  proxy: { default: '' },
} as const satisfies PropertyTable;

export const credentials = {
  bearerToken: { type: 'password' },
  apiKey: { type: 'password' },
  apiSecret: { type: 'password' },
  accessToken: { type: 'password' },
  accessTokenSecret: { type: 'password' },
} as const;
