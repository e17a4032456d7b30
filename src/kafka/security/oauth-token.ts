import { type ClientCredentials, requestToken } from '../../util/client-credentials';
import { MissingSecret } from '../../util/missing-secret';
import { flatten, Problem } from '../../util/problem';
import type { ErrorCode } from '../error-table';
import { KafkaProblem } from '../kafka-problem';
import { readTokenUrl } from './token-url';

/** Gives the current token; fetches a new one shortly before the current one expires. */
export interface TokenSource {
  /** @throws KafkaProblem TOKEN_*, without a secret */
  token(): Promise<string>;
  /** The broker rejected the current token: the next call of `token` fetches a new one. */
  forget(): void;
}

interface Token {
  value: string;
  /** Epoch milliseconds. Wall-clock time: it goes on while a machine sleeps, as the token's lifetime does. */
  validUntil: number;
}

const answerTimeoutMs = 8000;
// Without expires_in, which RFC 6749 (5.1) only recommends.
const defaultLifetimeMs = 300_000;
const marginMs = 30_000;
const failureHoldMs = 1000;

/**
 * Prepares to fetch tokens.
 * @throws Problem where the URL is invalid or would send the secret unencrypted, or the id or the secret is missing
 */
export function tokenSource(client: ClientCredentials): TokenSource {
  const grant = { ...client, url: readTokenUrl(client.url).href };
  if (!grant.clientId) throw new MissingSecret('oauth-no-client');
  if (!grant.clientSecret) throw new MissingSecret('oauth-no-secret');
  let current: Token | undefined;
  let fetching: Promise<Token> | undefined;
  let failed: { at: number; problem: unknown } | undefined;
  return {
    async token() {
      if (current && Date.now() < current.validUntil) return current.value;
      // Each connection requests a token: a server that rejects one is spared the requests of the others.
      if (failed && performance.now() - failed.at < failureHoldMs) throw failed.problem;
      fetching ??= fetchToken(grant).finally(() => {
        fetching = undefined;
      });
      try {
        current = await fetching;
        failed = undefined;
        return current.value;
      } catch (problem) {
        failed = { at: performance.now(), problem };
        throw problem;
      }
    },
    forget() {
      current = undefined;
    },
  };
}

async function fetchToken(grant: ClientCredentials): Promise<Token> {
  const requestedAt = Date.now();
  const fail = (code: ErrorCode, cause: string | Problem): never => {
    throw new KafkaProblem(code, { place: new URL(grant.url).host, cause });
  };
  const { status, fields, token } = await requestToken(grant, answerTimeoutMs).catch((error) =>
    fail('TOKEN_SERVER_UNREACHABLE', error instanceof Problem ? error : flatten(error)),
  );
  if (status >= 300) {
    const details = [fields.error, fields.error_description].filter((part) => typeof part === 'string');
    const cause = `${status} ${details.join(': ').slice(0, 200)}`.trim().replaceAll(grant.clientSecret, '…');
    fail([400, 401, 403].includes(status) ? 'TOKEN_CLIENT_REJECTED' : 'TOKEN_SERVER_FAILED', cause);
  }
  const value = token ?? fail('TOKEN_MISSING', '');
  return { value, validUntil: requestedAt + lifetimeOf(fields.expires_in) };
}

function lifetimeOf(expiresIn: unknown): number {
  const lifetime = Number(expiresIn) > 0 ? Number(expiresIn) * 1000 : defaultLifetimeMs;
  return lifetime - Math.min(marginMs, lifetime / 5);
}
