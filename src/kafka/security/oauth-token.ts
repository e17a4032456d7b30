import type { SentenceKey } from '../../util/english';
import { flatten, Problem } from '../../util/problem';
import { readTokenUrl } from './token-url';

/** Where a client's token comes from: the client-credentials grant (RFC 6749, 4.4). */
export interface TokenGrant {
  url: string;
  /** Blank: none is asked for. */
  scope: string;
  clientId: string;
  clientSecret: string;
}

/** Gives the token in force; fetches a new one shortly before the old one expires. */
export interface TokenSource {
  /** Rejects with a Problem that holds no secret. */
  token(): Promise<string>;
  /** The token in force was refused: the next one asked for is a new one. */
  forget(): void;
}

interface Token {
  value: string;
  /** Epoch milliseconds from which it is not used any more. */
  until: number;
}

const answerLimitMs = 8000;
const longestAnswer = 100_000;
// Without expires_in a token is taken for a short one (RFC 6749, 5.1 leaves it to the documentation).
const usualLifeMs = 300_000;
const marginMs = 30_000;
const failureHoldMs = 1000;

/**
 * Prepares to fetch tokens.
 * @throws Problem when the address is none, or not https outside of this machine, or the client has no id
 */
export function tokenSource(grant: TokenGrant): TokenSource {
  const url = readTokenUrl(grant.url);
  if (!grant.clientId) throw new Problem('oauth-no-client');
  if (!grant.clientSecret) throw new Problem('oauth-no-secret');
  let held: Token | undefined;
  let fetching: Promise<Token> | undefined;
  let failed: { at: number; problem: Problem } | undefined;
  return {
    async token() {
      if (held && Date.now() < held.until) return held.value;
      // Each connection asks by itself: a server that refuses shall not be asked by all of them at once.
      if (failed && Date.now() - failed.at < failureHoldMs) throw failed.problem;
      fetching ??= requestToken(url, grant).finally(() => {
        fetching = undefined;
      });
      try {
        held = await fetching;
        failed = undefined;
        return held.value;
      } catch (error) {
        failed = { at: Date.now(), problem: error as Problem };
        throw error;
      }
    },
    forget() {
      held = undefined;
    },
  };
}

async function requestToken(url: URL, grant: TokenGrant): Promise<Token> {
  const asked = Date.now();
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
        authorization: `Basic ${Buffer.from(`${formText(grant.clientId)}:${formText(grant.clientSecret)}`).toString('base64')}`,
        accept: 'application/json',
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(grant.scope ? { scope: grant.scope } : {}),
      }),
      // A redirect would carry the secret elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(answerLimitMs),
    });
    status = response.status;
    text = (await response.text()).slice(0, longestAnswer);
  } catch (error) {
    throw failure('oauth-unreachable', url, { cause: reasonOf(error) });
  }
  const answer = readJson(text);
  if (status >= 300) {
    const said = [answer.error, answer.error_description]
      .filter((part) => typeof part === 'string')
      .join(': ');
    const cause = said ? `${status} ${said.slice(0, 200)}` : String(status);
    const key = status === 400 || status === 401 || status === 403 ? 'oauth-refused' : 'oauth-failed';
    throw failure(key, url, { cause: withoutSecrets(cause, grant) });
  }
  const value = answer.access_token;
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw failure('oauth-no-token', url, {});
  return { value, until: asked + lifeOf(answer.expires_in) };
}

function lifeOf(expiresIn: unknown): number {
  const life = Number(expiresIn) > 0 ? Number(expiresIn) * 1000 : usualLifeMs;
  return life - Math.min(marginMs, life / 5);
}

function formText(text: string): string {
  return new URLSearchParams({ t: text }).toString().slice(2);
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown): string {
  if ((error as Error)?.name === 'TimeoutError') return `no answer within ${answerLimitMs / 1000} s`;
  return flatten(error instanceof TypeError && error.cause ? error.cause : error);
}

const withoutSecrets = (text: string, { clientSecret }: TokenGrant): string =>
  text.replaceAll(clientSecret, '…');

/** kafkajs shall pass it on at once: it is asked again by who keeps trying. */
function failure(key: SentenceKey, url: URL, params: Record<string, string>): Problem {
  return Object.assign(new Problem(key, { place: url.host, ...params }), { retriable: false });
}
