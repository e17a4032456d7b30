import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { flatten } from '../../util/problem';
import type { TokenSource } from './oauth-token';
import { isRefusal, refused } from './sasl-password';

// RFC 7628, 3.1 and 3.2.3: ends the parts of a message; alone, it is the last word of a refused login.
const separator = '\u0001';

/**
 * The OAUTHBEARER login (RFC 7628, KIP-255). kafkajs's own leaves a refused login unfinished, so that the
 * broker's reason is lost; this one says the last word that the broker waits for before it gives its reason.
 */
export function tokenLogin(source: TokenSource): Mechanism {
  return {
    mechanism: 'OAUTHBEARER',
    authenticationProvider: (args) => ({ authenticate: () => login(source, args) }),
  };
}

async function login(source: TokenSource, args: AuthenticationProviderArgs): Promise<void> {
  const token = await source.token();
  const say = (text: string) => args.saslAuthenticate({ request: asBytes(text), response: asText });
  let reason: string;
  try {
    const answer = await say(`n,,${separator}auth=Bearer ${token}${separator}${separator}`);
    if (!answer) return;
    reason = answer;
    await say(separator);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    reason = flatten(error);
  }
  source.forget();
  throw refused('token-refused', { place: `${args.host}:${args.port}`, cause: reason });
}

/** Kafka's BYTES: four bytes of length, then so many bytes. */
function asBytes(text: string): { encode(): Buffer } {
  const content = Buffer.from(text);
  const whole = Buffer.alloc(4 + content.length);
  whole.writeInt32BE(content.length);
  content.copy(whole, 4);
  return { encode: () => whole };
}

const asText = {
  decode: (whole: Buffer) => whole.subarray(4),
  parse: (content: Buffer) => content.toString(),
};
