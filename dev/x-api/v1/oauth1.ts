import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../http';
import { type Body, v1Error } from '../problems';
import type { Settings } from '../settings';

/** Timestamps may differ from X's clock by this much. */
const CLOCK_TOLERANCE_S = 300;

type Credentials = Pick<Settings, 'apiKey' | 'apiSecret' | 'accessToken' | 'accessTokenSecret'>;

/** Encodes like RFC 3986: unlike encodeURIComponent also !'()*. */
export const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The signature base string of RFC 5849, section 3.4.1. */
export function baseString(method: string, url: string, parameters: [name: string, value: string][]): string {
  const pairs = parameters.map(([name, value]) => [percent(name), percent(value)] as const);
  // In the order of bytes, which the order of UTF-16 units is here, because only ASCII is left.
  pairs.sort(([name, value], [otherName, otherValue]) =>
    name === otherName ? compare(value, otherValue) : compare(name, otherName),
  );
  const normalized = pairs.map(([name, value]) => `${name}=${value}`).join('&');
  return [method.toUpperCase(), percent(url), percent(normalized)].join('&');
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** Checks the OAuth 1.0a signatures of requests. */
export class OAuth1 {
  private readonly nonces = new Map<string, number>();

  constructor(
    private readonly credentials: Credentials,
    private readonly now: () => number,
  ) {}

  /** @param body the request's body, which is signed if it is a form. @throws HttpError 401 */
  check(request: IncomingMessage, body: string): void {
    const given = headerOf(request.headers.authorization ?? '');
    const { apiKey, apiSecret, accessToken, accessTokenSecret } = this.credentials;
    const value = (name: string) => given.get(name) ?? '';
    if (value('oauth_consumer_key') !== apiKey || value('oauth_signature_method') !== 'HMAC-SHA1')
      throw rejected();
    if (value('oauth_version') !== '1.0' && given.has('oauth_version')) throw rejected();
    if (value('oauth_token') !== accessToken) throw rejected(v1Error(89, 'Invalid or expired token.'));
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const form = /^application\/x-www-form-urlencoded/.test(request.headers['content-type'] ?? '');
    const parameters = [
      ...[...given].filter(([name]) => name !== 'oauth_signature' && name !== 'realm'),
      ...url.searchParams,
      ...(form ? new URLSearchParams(body) : []),
    ];
    const base = baseString(request.method ?? '', `${url.origin}${url.pathname}`, parameters);
    const key = `${percent(apiSecret)}&${percent(accessTokenSecret)}`;
    const expected = createHmac('sha1', key).update(base).digest();
    const signature = Buffer.from(value('oauth_signature'), 'base64');
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw rejected();
    this.checkTime(Number(value('oauth_timestamp')), value('oauth_nonce'));
  }

  private checkTime(timestamp: number, nonce: string): void {
    const now = this.now() / 1000;
    if (!Number.isInteger(timestamp) || Math.abs(now - timestamp) > CLOCK_TOLERANCE_S)
      throw rejected(v1Error(135, 'Timestamp out of bounds.'));
    for (const [known, at] of this.nonces)
      if (Math.abs(now - at) > 2 * CLOCK_TOLERANCE_S) this.nonces.delete(known);
    if (nonce === '' || this.nonces.has(nonce)) throw rejected();
    this.nonces.set(nonce, timestamp);
  }
}

const rejected = (body: Body = v1Error(32, 'Could not authenticate you.')) => new HttpError(401, body);

function headerOf(header: string): Map<string, string> {
  const found = new Map<string, string>();
  if (!/^OAuth\s/i.test(header)) throw rejected(v1Error(215, 'Bad Authentication data.'));
  for (const [, name, value] of header.slice(5).matchAll(/([\w%]+)="([^"]*)"/g)) {
    // A parameter that occurs twice is an error in RFC 5849.
    if (found.has(decode(name as string))) throw rejected();
    found.set(decode(name as string), decode(value as string));
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw rejected();
  }
}
