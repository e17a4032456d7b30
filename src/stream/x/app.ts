import { envVariable } from '../../util/env-variable';
import { isLoopback } from '../../util/loopback';
import { Problem } from '../../util/problem';

/** A developer App with a bearer token. */
export interface BearerApp {
  /** Without a trailing slash; may have a path. */
  baseUrl: string;
  bearerToken: string;
}

/** A developer App with an API key and secret, for which X issues a bearer token. */
export interface KeyApp {
  baseUrl: string;
  apiKey: string;
  apiSecret: string;
  /** The bearer token that X issued last, as long as X accepts it. */
  fetchedToken?: string;
}

/** Base URL and credentials of one developer App. */
export type XApp = BearerApp | KeyApp;

/** Whether both are one App at X: the same base URL, and the same bearer token or API key. */
export function isSameApp(one: XApp, other: XApp): boolean {
  if (addressOf(one) !== addressOf(other)) return false;
  if ('apiKey' in one && 'apiKey' in other && one.apiKey === other.apiKey) return true;
  // X issues an App the bearer token that its portal shows.
  const token = tokenOf(one);
  return token !== undefined && token === tokenOf(other);
}

const tokenOf = (app: XApp): string | undefined =>
  'bearerToken' in app ? app.bearerToken : app.fetchedToken;

/** The base URL in one spelling; X answers at its former host too. */
const addressOf = ({ baseUrl }: XApp): string =>
  new URL(baseUrl).href
    .replace(/\/$/, '')
    .replace(/^https:\/\/api\.twitter\.com(?=\/|$)/, 'https://api.x.com');

/** The fields of the twitter-app dialog, as saved or typed. */
export interface AppFields {
  auth?: string;
  baseUrl?: string;
  bearerToken?: string;
  apiKey?: string;
  apiSecret?: string;
}

/**
 * Reads the fields of the twitter-app dialog.
 * @param fields a pasted token is cleaned by cleanToken
 * @throws Problem "setting-unknown", "base-url-invalid", or for the credentials "token-missing",
 *   "token-invalid", "token-env-unset", "key-missing", "api-key-invalid" or "key-env-unset"; without secrets
 */
export function readApp(fields: AppFields): XApp {
  const auth = fields.auth || 'bearer';
  const baseUrl = readBaseUrl(fields.baseUrl ?? '');
  if (auth === 'bearer') return { baseUrl, bearerToken: readToken(fields.bearerToken ?? '') };
  // A flow saved by a later version must not silently use other credentials than it names.
  if (auth !== 'app') throw new Problem('setting-unknown', { field: 'auth', value: auth });
  return { baseUrl, ...readKey(fields.apiKey ?? '', fields.apiSecret ?? '') };
}

/**
 * @returns the base URL without a trailing slash; X's own where the text is blank
 * @throws Problem "base-url-invalid"
 */
export function readBaseUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '') || 'https://api.x.com';
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new Problem('base-url-invalid', { url: url?.password ? '…' : trimmed });
  }
  return trimmed;
}

/** Whether requests to this base URL leave this machine unencrypted. */
export function isUnencrypted(baseUrl: string): boolean {
  const url = URL.canParse(baseUrl.trim()) ? new URL(baseUrl.trim()) : undefined;
  return url?.protocol === 'http:' && !isLoopback(url.hostname);
}

/**
 * A pasted token without what X's portal shows around it: spaces, "Bearer " in front, percent-encoding.
 */
export function cleanToken(text: string): string {
  return text
    .trim()
    .replace(/^Bearer(\s+|$)/i, '')
    .replace(/%(3D|2B|2F)/gi, (code) => decodeURIComponent(code))
    .trim();
}

function readToken(text: string): string {
  const name = envVariable(text);
  if (name !== undefined) throw new Problem('token-env-unset', { name });
  const token = cleanToken(text);
  if (token === '') throw new Problem('token-missing');
  if (!isPlain(token)) throw new Problem('token-invalid');
  return token;
}

function readKey(key: string, secret: string): Pick<KeyApp, 'apiKey' | 'apiSecret'> {
  const name = envVariable(key) ?? envVariable(secret);
  if (name !== undefined) throw new Problem('key-env-unset', { name });
  const [apiKey, apiSecret] = [key.trim(), secret.trim()];
  if (apiKey === '' || apiSecret === '') throw new Problem('key-missing');
  if (!isPlain(apiKey + apiSecret)) throw new Problem('api-key-invalid');
  return { apiKey, apiSecret };
}

/** Whether a token, key or secret consists of visible ASCII characters, as all of X's do. */
export const isPlain = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);
