import type { AuthenticationProviderArgs, Mechanism } from 'kafkajs';
import { formatAddress } from '../connection/address';
import { KafkaProblem } from '../kafka-problem';
import type { TokenSource } from './oauth-token';
import { isRejection, reasonOf } from './sasl-password';

// Ends the parts of a message (RFC 7628, 3.1); alone, it is the last message of a failed login (3.2.3).
const separator = '\u0001';

/**
 * The OAUTHBEARER login (RFC 7628, KIP-255). kafkajs's own does not finish a failed login and loses the
 * broker's reason; this one sends the last message, which the broker awaits before it gives its reason.
 */
export function tokenLogin(source: TokenSource): Mechanism {
  return {
    mechanism: 'OAUTHBEARER',
    authenticationProvider: (args) => ({ authenticate: () => login(source, args) }),
  };
}

async function login(source: TokenSource, args: AuthenticationProviderArgs): Promise<void> {
  const token = await source.token();
  const send = (text: string) => args.saslAuthenticate({ request: asBytes(text), response: asText });
  let reason: unknown;
  try {
    const answer = await send(`n,,${separator}auth=Bearer ${token}${separator}${separator}`);
    if (!answer) return;
    reason = answer;
    await send(separator);
  } catch (error) {
    if (!isRejection(error)) throw error;
    reason = error;
  }
  source.forget();
  throw new KafkaProblem('TOKEN_REJECTED', { place: formatAddress(args), cause: reasonOf(reason) });
}

/** Kafka's BYTES: a length of four bytes, then the content. */
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
