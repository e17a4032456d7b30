import type { PropertyTable } from '../../src/node-red/saved-properties';

export const properties = {
  name: { default: '' },
  auth: { default: 'bearer', choices: ['bearer', 'app'] },
  baseUrl: { default: 'https://api.x.com' },
} as const satisfies PropertyTable;

export const credentials = {
  bearerToken: { type: 'password' },
  apiKey: { type: 'password' },
  apiSecret: { type: 'password' },
} as const;
