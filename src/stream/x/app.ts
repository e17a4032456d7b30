import { envVariable } from '../../util/env-variable';
import { isLoopback } from '../../util/loopback';
import { MissingSecret } from '../../util/missing-secret';
import { Problem } from '../../util/problem';

/** The proxy that connections are opened through; see proxy/proxy.ts. */
export interface HttpProxy {
  /** http:// or https://, host and port, without credentials. */
  url: string;
  username?: string;
  password?: string;
}

/** What all kinds of Apps have. */
interface AnyApp {
  /** Without a trailing slash; may have a path. */
  baseUrl: string;
  proxy?: HttpProxy;
}

/** A developer App with a bearer token. */
export interface BearerApp extends AnyApp {
  bearerToken: string;
}

/** A developer App with an API key and secret, for which X issues a bearer token. */
export interface KeyApp extends AnyApp {
  apiKey: string;
  apiSecret: string;
  /** The bearer token that X issued last, as long as X accepts it. */
  fetchedToken?: string;
}

/** A developer App with the four keys of OAuth 1.0a: v1.1 requests are signed, all others have the bearer token. */
export interface OAuth1App extends KeyApp {
  accessToken: string;
  accessTokenSecret: string;
}

/** Base URL and credentials of one developer App. */
export type XApp = BearerApp | KeyApp | OAuth1App;

/** Whether v1.1 requests can be signed. */
export const isOAuth1 = (app: XApp): app is OAuth1App => 'accessToken' in app;

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
export const addressOf = ({ baseUrl }: XApp): string =>
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
  accessToken?: string;
  accessTokenSecret?: string;
}

/**
 * Reads the fields of the twitter-app dialog.
 * @param fields a pasted token is cleaned by cleanToken
 * @throws Problem "setting-unknown", "base-url-invalid", or for the credentials "token-missing",
 *   "token-invalid", "token-env-unset", "key-missing", "api-key-invalid", "key-env-unset", "oauth1-missing",
 *   "oauth1-invalid" or "oauth1-env-unset"; without secrets
 */
export function readApp(fields: AppFields): XApp {
  const auth = fields.auth || 'bearer';
  const baseUrl = readBaseUrl(fields.baseUrl ?? '');
  if (auth === 'bearer') return { baseUrl, bearerToken: readToken(fields.bearerToken ?? '') };
  // A flow saved by a later version must not silently use other credentials than it names.
  if (auth !== 'app' && auth !== 'oauth1')
    throw new Problem('setting-unknown', { field: 'auth', value: auth });
  const keys = readKey(fields.apiKey ?? '', fields.apiSecret ?? '');
  return auth === 'app' ? { baseUrl, ...keys } : { baseUrl, ...keys, ...readAccessToken(fields) };
}

/** The names of the credentials that a kind of authentication uses. */
export function credentialNames(auth: string): Array<Exclude<keyof AppFields, 'auth' | 'baseUrl'>> {
  if (auth === 'bearer') return ['bearerToken'];
  if (auth === 'app') return ['apiKey', 'apiSecret'];
  return auth === 'oauth1' ? ['apiKey', 'apiSecret', 'accessToken', 'accessTokenSecret'] : [];
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

/** What stands before a token where it is copied from: a header, a variable of the environment, a JSON property. */
const tokenPrefix =
  /^(?:Authorization\s*:|Bearer(?=\s|$)|(?:export\s+)?[A-Za-z_]*(?:token|bearer)[A-Za-z_]*["']?\s*[=:])\s*/i;

/**
 * A pasted token without what is around it where it is copied from: spaces, quotes, angle brackets, a header, the name of
 * a variable, percent-encoding.
 */
export function cleanToken(text: string): string {
  let token = cleanSecret(text);
  for (let before = ''; before !== token; ) {
    before = token;
    token = cleanSecret(token.replace(tokenPrefix, ''));
  }
  return token.replace(/%(3D|2B|2F)/gi, (code) => decodeURIComponent(code));
}

/** A pasted key or secret without spaces, quotes and angle brackets around it. */
export const cleanSecret = (text: string): string => text.replace(/^[\s"'`<“‘]+|[\s"'`>”’,;]+$/g, '');

function readToken(text: string): string {
  const name = envVariable(text);
  if (name !== undefined) throw new Problem('token-env-unset', { name });
  const token = cleanToken(text);
  if (token === '') throw new MissingSecret('token-missing');
  if (!isPlain(token)) throw new Problem('token-invalid');
  return token;
}

function readKey(key: string, secret: string): Pick<KeyApp, 'apiKey' | 'apiSecret'> {
  const name = envVariable(key) ?? envVariable(secret);
  if (name !== undefined) throw new Problem('key-env-unset', { name });
  const [apiKey, apiSecret] = [cleanSecret(key), cleanSecret(secret)];
  if (apiKey === '' || apiSecret === '') throw new MissingSecret('key-missing');
  if (!isPlain(apiKey + apiSecret)) throw new Problem('api-key-invalid');
  return { apiKey, apiSecret };
}

function readAccessToken({
  accessToken: token = '',
  accessTokenSecret: secret = '',
}: AppFields): Pick<OAuth1App, 'accessToken' | 'accessTokenSecret'> {
  const name = envVariable(token) ?? envVariable(secret);
  if (name !== undefined) throw new Problem('oauth1-env-unset', { name });
  const [accessToken, accessTokenSecret] = [cleanSecret(token), cleanSecret(secret)];
  if (accessToken === '' || accessTokenSecret === '') throw new MissingSecret('oauth1-missing');
  if (!isPlain(accessToken + accessTokenSecret)) throw new Problem('oauth1-invalid');
  return { accessToken, accessTokenSecret };
}

/** Whether a token, key or secret consists of visible ASCII characters, as all of X's do. */
export const isPlain = (text: string): boolean => /^[\x21-\x7e]+$/.test(text);
