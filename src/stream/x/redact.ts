import type { XApp } from './app';

/** A shorter secret occurs in sentences by chance. */
const minSecretLength = 4;

/** What stands in place of a secret. */
const redaction = '…';

/**
 * The secrets of an App and of its proxy, the longest first: as they are, percent-encoded, escaped in JSON or HTML, and as
 * the Basic credentials that contain them.
 */
export function secretsOf(app: XApp): string[] {
  const { baseUrl: _, proxy, ...credentials } = app;
  const secrets = [...Object.values(credentials), proxy?.password].filter((secret) => secret !== undefined);
  const basic = [
    ...('apiKey' in app ? basicOf(app.apiKey, app.apiSecret) : []),
    ...(proxy?.password ? basicOf(proxy.username ?? '', proxy.password) : []),
  ];
  const forms = [...secrets, ...basic].flatMap(formsOf);
  return [...new Set(forms)]
    .filter(({ length }) => length >= minSecretLength)
    .sort((one, other) => other.length - one.length);
}

/** Replaces each secret of the App in a string. */
export const redacted = (text: string, app: XApp): string => replaceAll(text, secretsOf(app));

const replaceAll = (text: string, secrets: string[]): string =>
  secrets.reduce((clean, secret) => clean.replaceAll(secret, redaction), text);

/** Bytes of any encoding without the App's secrets; the same buffer where there are none. */
export function redactedBytes(bytes: Buffer, app: XApp): Buffer {
  return secretsOf(app).reduce(
    (clean, secret) => (clean.includes(secret) ? replaceBytes(clean, secret) : clean),
    bytes,
  );
}

/**
 * The body of an answer without the App's secrets.
 * @param body a string, JSON or not, or parsed JSON
 */
export function redactedBody(body: unknown, app: XApp): unknown {
  const secrets = secretsOf(app);
  if (typeof body !== 'string') return redactedValue(body, secrets);
  try {
    // An escape such as \u002f hides a secret from a search in the string.
    const value: unknown = JSON.parse(body);
    const clean = JSON.stringify(redactedValue(value, secrets));
    return clean === JSON.stringify(value) ? body : clean;
  } catch {
    return replaceAll(body, secrets);
  }
}

function redactedValue(value: unknown, secrets: string[]): unknown {
  if (typeof value === 'string') return replaceAll(value, secrets);
  if (Array.isArray(value)) return value.map((entry) => redactedValue(entry, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [replaceAll(name, secrets), redactedValue(entry, secrets)]),
  );
}

function replaceBytes(bytes: Buffer, secret: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, from)) {
    parts.push(bytes.subarray(from, at), Buffer.from(redaction));
    from = at + Buffer.byteLength(secret);
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

/** The value of an Authorization header; some clients form-encode both parts, as RFC 6749 requires, others do not. */
const basicOf = (user: string, password: string): string[] => [
  base64(`${user}:${password}`),
  base64(`${formText(user)}:${formText(password)}`),
];

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret);
  return [
    secret,
    percent,
    percent.replace(/%../g, (code) => code.toLowerCase()),
    // RFC 3986, as in an OAuth 1.0a signature.
    percent.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    formText(secret),
    json,
    json.replaceAll('/', '\\/'),
    secret.replace(/[&<>"'/=+]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`),
  ];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const formText = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2);
