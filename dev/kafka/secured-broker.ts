import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, startBroker } from './broker';
import { type Certificates, makeCertificates } from './certificates';
import type { Properties } from './server-properties';

/** A broker with a listener for each way to log in; beside them the plaintext one. */
export interface SecuredBroker {
  broker: Broker;
  /** "127.0.0.1:port" by listener: PASSWORD, PLAINONLY, TOKEN, TLS, STRANGER, MTLS, BOTH. */
  at: Record<string, string>;
  certificates: Certificates;
  stop(): Promise<void>;
}

export const user = { username: 'alice', password: 'alice-secret' };

const modules = 'org.apache.kafka.common.security';
const plainUsers = `${modules}.plain.PlainLoginModule required user_${user.username}="${user.password}";`;
const scramUsers = `${modules}.scram.ScramLoginModule required;`;

/**
 * Starts it. PASSWORD takes PLAIN and SCRAM, PLAINONLY only PLAIN, TOKEN unsigned tokens by OAUTHBEARER, TLS shows a
 * certificate of a private CA, STRANGER one that is made out to another name, MTLS wants the client's too, BOTH takes
 * a password over TLS.
 */
export async function startSecuredBroker(progress?: (line: string) => void): Promise<SecuredBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-certificates-'));
  const removeFiles = () => rmSync(dir, { recursive: true, force: true });
  try {
    const certificates = makeCertificates(dir);
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
        ...passwords('password', 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512'),
        ...passwords('plainonly', 'PLAIN'),
        ...tokens('token'),
        ...pem('tls', certificates.serverFile),
        ...pem('stranger', certificates.strangerFile),
        ...pem('mtls', certificates.serverFile),
        ...of('mtls', {
          'ssl.truststore.type': 'PEM',
          'ssl.truststore.location': certificates.caFile,
          'ssl.client.auth': 'required',
        }),
        ...pem('both', certificates.serverFile),
        ...passwords('both', 'PLAIN,SCRAM-SHA-512'),
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

function of(listener: string, settings: Properties): Properties {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`listener.name.${listener}.${name}`, value]),
  );
}

/** Settings of a listener that takes passwords by these mechanisms. */
export function passwords(listener: string, mechanisms: string): Properties {
  const logins = mechanisms
    .split(',')
    .map((mechanism) => [
      `${mechanism.toLowerCase()}.sasl.jaas.config`,
      mechanism === 'PLAIN' ? plainUsers : scramUsers,
    ]);
  return of(listener, { 'sasl.enabled.mechanisms': mechanisms, ...Object.fromEntries(logins) });
}

function tokens(listener: string): Properties {
  const bearer = `${modules}.oauthbearer`;
  return of(listener, {
    'sasl.enabled.mechanisms': 'OAUTHBEARER',
    'oauthbearer.sasl.jaas.config': `${bearer}.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
    'oauthbearer.sasl.server.callback.handler.class': `${bearer}.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler`,
  });
}

/** Settings of a TLS listener that shows the certificate in this file. */
export const pem = (listener: string, file: string): Properties =>
  of(listener, { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': file });
