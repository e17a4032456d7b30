import type { AuthenticationProviderArgs, Mechanism, SASLOptions } from 'kafkajs';
import type { SentenceKey } from '../../util/english';
import { flatten, Problem } from '../../util/problem';

type Provider = Mechanism['authenticationProvider'];
type PasswordOptions = Extract<SASLOptions, { username: string }>;

const oneLine = /\s+/g;

/**
 * kafkajs's own login with a user name and a password, with a refusal that says which broker refused whom
 * and why. kafkajs calls everything a wrong password that goes wrong on the way, a lost connection too.
 */
export function describedLogin(options: PasswordOptions): SASLOptions {
  let provider: Provider | undefined;
  // kafkajs puts its provider for the mechanism here when it first logs in, unless there is one.
  return Object.defineProperty({ ...options }, 'authenticationProvider', {
    enumerable: true,
    get: () => provider,
    set: (own: Provider) => {
      provider = (args) => ({ authenticate: () => login(own, args, options) });
    },
  });
}

async function login(own: Provider, args: AuthenticationProviderArgs, options: PasswordOptions) {
  let cause: unknown;
  const saslAuthenticate: typeof args.saslAuthenticate = async (request) => {
    try {
      return await args.saslAuthenticate(request);
    } catch (error) {
      cause = error;
      throw error;
    }
  };
  try {
    await own({ ...args, saslAuthenticate }).authenticate();
  } catch (error) {
    if (cause !== undefined && !isRefusal(cause)) throw cause;
    throw refused('sasl-refused', {
      place: `${args.host}:${args.port}`,
      user: options.username,
      mechanism: options.mechanism.toUpperCase(),
      cause: flatten(cause ?? error),
    });
  }
}

/** The broker has looked at the credentials and said no (Kafka's error 58), not the connection failed. */
export const isRefusal = (error: unknown): boolean =>
  (error as { type?: unknown })?.type === 'SASL_AUTHENTICATION_FAILED';

/**
 * A login's failure as kafkajs passes it on unchanged: not tried again by kafkajs itself, and without a
 * `cause`, which kafkajs would put in its place.
 */
export function refused(key: SentenceKey, params: Record<string, string>): Problem {
  const clean = Object.fromEntries(
    Object.entries(params).map(([name, text]) => [name, text.replace(oneLine, ' ').replace(/\.$/, '')]),
  );
  return Object.assign(new Problem(key, clean), { retriable: false });
}
