import { Problem } from '../../util/problem';

/** A developer App known by its bearer token. */
export interface BearerApp {
  /** Without a slash at its end; may have a path. */
  baseUrl: string;
  bearerToken: string;
}

/** A developer App known by its API key and secret, for which X gives a bearer token. */
export interface KeyApp {
  baseUrl: string;
  apiKey: string;
  apiSecret: string;
  /** The bearer token given last, as long as X takes it. */
  fetchedToken?: string;
}

/** What is needed to speak to X for one developer App. */
export type XApp = BearerApp | KeyApp;

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
 * @param fields the token as pasted: spaces, a "Bearer " before it and percent-encoding (X's portal shows
 *   both) go
 * @throws Problem "setting-unknown", "base-url-invalid", or what is wrong with the credentials, without them
 */
export function readApp(fields: AppFields): XApp {
  const auth = fields.auth || 'bearer';
  const baseUrl = readBaseUrl(fields.baseUrl ?? '');
  if (auth === 'bearer') return { baseUrl, bearerToken: readToken(fields.bearerToken ?? '') };
  // A flow of a later version must not go another way than it says, without a word.
  if (auth !== 'app') throw new Problem('setting-unknown', { field: 'auth', value: auth });
  return { baseUrl, ...readKey(fields.apiKey ?? '', fields.apiSecret ?? '') };
}

/** @throws Problem "base-url-invalid" */
export function readBaseUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '') || 'https://api.x.com';
  let url: URL | undefined;
  try {
    url = new URL(trimmed);
  } catch {
    // Said below.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new Problem('base-url-invalid', { url: url?.password ? '…' : trimmed });
  }
  return trimmed;
}

/** Whether what is sent to this base URL can be read on the way: http to another machine. */
export function isReadableOnTheWay(baseUrl: string): boolean {
  try {
    const { protocol, hostname } = new URL(baseUrl.trim());
    return protocol === 'http:' && !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  } catch {
    return false;
  }
}

/** A token as pasted, without what is not part of it. */
export function tidyToken(text: string): string {
  return text
    .trim()
    .replace(/^Bearer(\s+|$)/i, '')
    .replace(/%(3D|2B|2F)/gi, (code) => decodeURIComponent(code))
    .trim();
}

/** The name of the environment variable that a field still names, because it is not set. */
export const unsetVariable = (text: string): string | undefined => /^\$\{(.*)\}$/.exec(text.trim())?.[1];

function readToken(text: string): string {
  const name = unsetVariable(text);
  if (name !== undefined) throw new Problem('token-env-unset', { name });
  const token = tidyToken(text);
  if (token === '') throw new Problem('token-missing');
  if (!isPlain(token)) throw new Problem('token-invalid');
  return token;
}

function readKey(key: string, secret: string): Pick<KeyApp, 'apiKey' | 'apiSecret'> {
  const name = unsetVariable(key) ?? unsetVariable(secret);
  if (name !== undefined) throw new Problem('key-env-unset', { name });
  const [apiKey, apiSecret] = [key.trim(), secret.trim()];
  if (apiKey === '' || apiSecret === '') throw new Problem('key-missing');
  if (!isPlain(apiKey + apiSecret)) throw new Problem('api-key-invalid');
  return { apiKey, apiSecret };
}

/** Without spaces, control characters and letters that no token, key or secret has. */
export const isPlain = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);
