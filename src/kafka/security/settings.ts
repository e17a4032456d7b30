import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { Mechanism, SASLOptions } from 'kafkajs';
import { envVariable, fillIn, type Variable } from '../../util/env-variable';
import { MissingSecret } from '../../util/missing-secret';
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
  /** The environment variables in the text fields; undefined: they are filled in already. */
  variable?: Variable;
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
      url: text(choice, 'oauthTokenUrl'),
      scope: text(choice, 'oauthScope').trim(),
      clientId: withoutLineBreaks(text(choice, 'oauthClientId')),
      clientSecret: secret(choice, 'oauthClientSecret') ?? '',
    });
    return { sasl: tokenLogin(source) };
  }
  const mechanism = passwordMechanisms.find((one) => one === sasl);
  if (!mechanism) throw new Problem('sasl-unknown', { sasl });
  const username = withoutLineBreaks(text(choice, 'username'));
  const password = secret(choice, 'password');
  if (!username) throw new MissingSecret('sasl-no-user', { mechanism: mechanism.toUpperCase() });
  if (!password) throw new MissingSecret('sasl-no-password', { mechanism: mechanism.toUpperCase() });
  return { sasl: describedLogin({ mechanism, username, password }) };
}

type TextField = 'username' | 'oauthTokenUrl' | 'oauthScope' | 'oauthClientId';

/** A text with the values of its environment variables. */
function text(choice: SecurityChoice, field: TextField): string {
  const value = choice[field] ?? '';
  return choice.variable ? fillIn(field, value, choice.variable) : value;
}

/** A secret; it may contain `${…}`. */
function secret(choice: SecurityChoice, field: 'password' | 'oauthClientSecret'): string | undefined {
  const value = choice[field] === undefined ? undefined : withoutLineBreaks(choice[field]);
  // Node-RED replaces a variable that is set.
  const variable = envVariable(value);
  if (variable !== undefined) throw new Problem('env-unset', { field, name: variable });
  return value;
}

/** A credential without the line breaks of a paste; spaces may belong to it. */
const withoutLineBreaks = (value: string): string => value.replace(/^[\r\n]+|[\r\n]+$/g, '');
