import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { Mechanism, SASLOptions } from 'kafkajs';
import { envVariable } from '../../util/env-variable';
import { Problem } from '../../util/problem';
import { tokenSource } from './oauth-token';
import { tokenLogin } from './sasl-oauthbearer';
import { describedLogin } from './sasl-password';

/** The saved settings of a cluster's TLS and login; text fields may be missing or blank. */
export interface SecurityChoice {
  useTls: boolean;
  /** Options of `tls.connect`: CAs, a client certificate, … Default: the public CAs. */
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

/** The same as options of a kafkajs client; missing: plaintext, no login. */
export interface Security {
  ssl?: ConnectionOptions;
  sasl?: SASLOptions | Mechanism;
}

const passwordMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/**
 * Validates the settings and converts them for kafkajs. Ignores fields that the chosen mechanism does not use.
 * @throws Problem with the missing or invalid field, without a secret
 */
export function readSecurity(choice: SecurityChoice): Security {
  return { ...readTls(choice), ...readSasl(choice) };
}

function readTls({ useTls, tls = {} }: SecurityChoice): Pick<Security, 'ssl'> {
  if (!useTls) return {};
  try {
    // An invalid certificate fails here, not at each connection.
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

/** A credential without the line breaks of a paste; spaces may belong to it. */
function secret(choice: SecurityChoice, field: Secret): string | undefined {
  const text = choice[field]?.replace(/^[\r\n]+|[\r\n]+$/g, '');
  // Node-RED replaces a variable that is set.
  const variable = envVariable(text);
  if (variable !== undefined) throw new Problem('env-unset', { field, name: variable });
  return text;
}
