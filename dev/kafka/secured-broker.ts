import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from './broker';
import { type Certificates, createCertificates } from './certificates';
import type { Properties } from './server-properties';

/** A broker with a listener per authentication method, plus the plaintext one. */
export interface SecuredBroker {
  broker: Broker;
  /** "127.0.0.1:port" by listener name, see startSecuredBroker. */
  at: Record<string, string>;
  certificates: Certificates;
  stop(): Promise<void>;
}

export const user = { username: 'alice', password: 'alice-secret' };

const modules = 'org.apache.kafka.common.security';
const plainUsers = `${modules}.plain.PlainLoginModule required user_${user.username}="${user.password}";`;
const scramUsers = `${modules}.scram.ScramLoginModule required;`;

/**
 * Starts the broker with these listeners: PASSWORD (SASL PLAIN and SCRAM), PLAINONLY (SASL PLAIN), TOKEN (OAUTHBEARER with
 * unsigned tokens), TLS (certificate of a private CA), STRANGER (certificate for another host name), MTLS (requires a
 * client certificate), BOTH (SASL over TLS).
 */
export async function startSecuredBroker(progress?: (line: string) => void): Promise<SecuredBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-certificates-'));
  const removeFiles = () => rmSync(dir, { recursive: true, force: true });
  try {
    const certificates = createCertificates(dir);
    const broker = await startBroker({
      progress,
      secured: {
        PASSWORD: 'SASL_PLAINTEXT',
        PLAINONLY: 'SASL_PLAINTEXT',
        TOKEN: 'SASL_PLAINTEXT',
        TLS: 'SSL',
        STRANGER: 'SSL',
        MTLS: 'SSL',
        BOTH: 'SASL_SSL',
      },
      scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
        (mechanism) => `${mechanism}=[name=${user.username},password=${user.password}]`,
      ),
      properties: {
        ...saslPasswordProperties('password', 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'),
        ...saslPasswordProperties('plainonly', 'PLAIN'),
        ...oauthProperties('token'),
        ...tlsProperties('tls', certificates.serverFile),
        ...tlsProperties('stranger', certificates.wrongHostFile),
        ...tlsProperties('mtls', certificates.serverFile),
        ...ofListener('mtls', {
          'ssl.truststore.type': 'PEM',
          'ssl.truststore.location': certificates.caFile,
          'ssl.client.auth': 'required',
        }),
        ...tlsProperties('both', certificates.serverFile),
        ...saslPasswordProperties('both', 'PLAIN,SCRAM-SHA-512'),
      },
    });
    return {
      broker,
      at: broker.secured,
      certificates,
      stop: async () => {
        await broker.stop();
        removeFiles();
      },
    };
  } catch (error) {
    removeFiles();
    throw error;
  }
}

function ofListener(listener: string, settings: Properties): Properties {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`listener.name.${listener}.${name}`, value]),
  );
}

/** Properties of a listener with SASL PLAIN or SCRAM. */
export function saslPasswordProperties(listener: string, mechanisms: string): Properties {
  const logins = mechanisms
    .split(',')
    .map((mechanism) => [
      `${mechanism.toLowerCase()}.sasl.jaas.config`,
      mechanism === 'PLAIN' ? plainUsers : scramUsers,
    ]);
  return ofListener(listener, { 'sasl.enabled.mechanisms': mechanisms, ...Object.fromEntries(logins) });
}

/** Properties of a listener with SASL OAUTHBEARER that accepts unsigned tokens. */
function oauthProperties(listener: string): Properties {
  const bearer = `${modules}.oauthbearer`;
  return ofListener(listener, {
    'sasl.enabled.mechanisms': 'OAUTHBEARER',
    'oauthbearer.sasl.jaas.config': `${bearer}.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    'oauthbearer.sasl.server.callback.handler.class': `${bearer}.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
  });
}

/** Properties of a TLS listener with the certificate in this file. */
export const tlsProperties = (listener: string, file: string): Properties =>
  ofListener(listener, { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': file });
