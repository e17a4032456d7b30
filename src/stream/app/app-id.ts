import { createHash } from 'node:crypto';
import { addressOf, type XApp } from '../x/app';

/** The identity of an App at X: 32 hexadecimal digits, from its base URL and its bearer token or API key. */
export function appId(app: XApp): string {
  const key = 'bearerToken' in app ? app.bearerToken : app.apiKey;
  return createHash('sha256')
    .update(`${addressOf(app)}\n${key}`)
    .digest('hex')
    .slice(0, 32);
}
