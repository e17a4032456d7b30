import { once } from 'node:events';
import http, { type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { parsedJson } from './json-text';
import { Problem } from './problem';

/** A client that requests tokens by the client-credentials grant (RFC 6749, 4.4). */
export interface ClientCredentials {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Blank or missing: not requested. */
  scope?: string;
}

/** A token server's answer. */
export interface TokenAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The answer's JSON object; empty where the text is something else. */
  fields: Record<string, unknown>;
  /** The access token, if there is one of printable ASCII without spaces. */
  token?: string;
}

/**
 * Requests a token, with the client's id and secret by HTTP Basic. Follows no redirect: it would carry the
 * secret elsewhere.
 * @param agent opens the connection
 * @returns the answer, whatever its status
 * @throws what Node.js reports; Problem "no-answer-within" where the answer is not complete within `timeoutMs`
 */
export async function requestToken(
  { url, clientId, clientSecret, scope }: ClientCredentials,
  timeoutMs: number,
  agent?: Agent,
): Promise<TokenAnswer> {
  const grant = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
  const headers = {
    // Both parts are form-encoded before they are joined (RFC 6749, 2.3.1).
    authorization: `Basic ${btoa(`${formText(clientId)}:${formText(clientSecret)}`)}`,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const ending = new AbortController();
  const { signal } = ending;
  const timer = setTimeout(() => ending.abort(), timeoutMs);
  try {
    const { request } = new URL(url).protocol === 'https:' ? https : http;
    const sent = request(url, { method: 'POST', headers, agent, signal }).end(String(grant));
    // After the response has begun, the response reports the errors; the request emits them too.
    sent.on('error', () => {});
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const text = await textOf(response);
    const fields = fieldsOf(text);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text,
      fields,
      token: tokenIn(fields),
    };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Problem('no-answer-within', { seconds: timeoutMs / 1000 });
  } finally {
    clearTimeout(timer);
  }
}

const formText = (text: string): string => new URLSearchParams({ t: text }).toString().slice(2);

function fieldsOf(text: string): TokenAnswer['fields'] {
  return Object(parsedJson(text));
}

function tokenIn({ access_token: token }: TokenAnswer['fields']): string | undefined {
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
