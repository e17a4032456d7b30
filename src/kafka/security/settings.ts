import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { Mechanism, SASLOptions } from 'kafkajs';
import { Problem } from '../../util/problem';
import { tokenSource } from './oauth-token';
import { tokenLogin } from './sasl-oauthbearer';
import { describedLogin } from './sasl-password';

/** How people write down a cluster's TLS and login; text fields may be missing or blank. */
export interface SecurityChoice {
  useTls: boolean;
  /** What `tls.connect` takes: own CAs, a client certificate, … Without it the public CAs count. */
  tls?: ConnectionOptions;
  /** none, plain, scram-sha-256, scram-sha-512 or oauthbearer. */
  sasl: string;
  username?: string;
  password?: string;
  oauthTokenUrl?: string;
  oauthScope?: string;
  oauthClientId?: string;
  oauthClientSecret?: string;
}

/** The same as a kafkajs client takes it; absent: plaintext, no login. */
export interface Security {
  ssl?: ConnectionOptions;
  sasl?: SASLOptions | Mechanism;
}

const passwordMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * Makes of a written choice what a client needs. What the choice does not need is not looked at.
 * @throws Problem that names what is missing or wrong; a secret is never in it
 */
export function readSecurity(choice: SecurityChoice): Security {
  return { ...readTls(choice), ...readSasl(choice) };
}

function readTls({ useTls, tls = {} }: SecurityChoice): Pick<Security, 'ssl'> {
  if (!useTls) return {};
  try {
    // A certificate that is none shall be told now, not by each connection.
    createSecureContext(tls);
  } catch (error) {
    throw new Problem('tls-invalid', {}, { cause: error });
  }
  return { ssl: tls };
}

function readSasl(choice: SecurityChoice): Pick<Security, 'sasl'> {
  const { sasl } = choice;
  if (!sasl || sasl === 'none') return {};
  if (sasl === 'oauthbearer') {
    const source = tokenSource({
      url: choice.oauthTokenUrl ?? '',
      scope: choice.oauthScope?.trim() ?? '',
      clientId: secret(choice, 'oauthClientId') ?? '',
      clientSecret: secret(choice, 'oauthClientSecret') ?? '',
    });
    return { sasl: tokenLogin(source) };
  }
  const mechanism = passwordMechanisms.find((one) => one === sasl);
  if (!mechanism) throw new Problem('sasl-unknown', { sasl });
  const username = secret(choice, 'username');
  const password = secret(choice, 'password');
  if (!username) throw new Problem('sasl-no-user', { mechanism: mechanism.toUpperCase() });
  if (!password) throw new Problem('sasl-no-password', { mechanism: mechanism.toUpperCase() });
  return { sasl: describedLogin({ mechanism, username, password }) };
}

type Secret = 'username' | 'password' | 'oauthClientId' | 'oauthClientSecret';

/** A credential without the line ends that pasting brings; spaces may belong to it. */
function secret(choice: SecurityChoice, field: Secret): string | undefined {
  const text = choice[field]?.replace(/^[\r\n]+|[\r\n]+$/g, '');
  const variable = /^\$\{([^}]+)\}$/.exec(text ?? '')?.[1];
  // Node-RED leaves the name of a variable that is not set where it stands.
  if (variable !== undefined) throw new Problem('env-unset', { field, name: variable });
  return text;
}
