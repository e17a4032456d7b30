import type { AuthenticationProviderArgs, Mechanism, SASLOptions } from 'kafkajs';
import { flatten } from '../../util/problem';
import { formatAddress } from '../connection/address';
import { KafkaProblem } from '../kafka-problem';

type Provider = Mechanism['authenticationProvider'];
type PasswordOptions = Extract<SASLOptions, { username: string }>;

/**
 * kafkajs's login with a user name and a password, with an error that names the broker, the user and the
 * reason. kafkajs reports every failure of a login as a wrong password, a lost connection too.
 */
export function describedLogin(options: PasswordOptions): SASLOptions {
  let provider: Provider | undefined;
  // At the first login kafkajs sets this property to its provider for the mechanism, unless it has a value.
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
    if (cause !== undefined && !isRejection(cause)) throw cause;
    throw new KafkaProblem('SASL_REJECTED', {
      place: formatAddress(args),
      user: options.username,
      mechanism: options.mechanism.toUpperCase(),
      cause: reasonOf(cause ?? error),
    });
  }
}

/** Whether the broker rejected the credentials (Kafka's error 58); any other error is a failed connection. */
export const isRejection = (error: unknown): boolean =>
  (error as { type?: unknown })?.type === 'SASL_AUTHENTICATION_FAILED';

/** A broker's reason for a rejection, in one line and without a full stop: it becomes part of a sentence. */
export const reasonOf = (reason: unknown): string => flatten(reason).replace(/\.$/, '');
