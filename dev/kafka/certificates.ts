import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Certificates (PEM) of a private CA, a server and a client. */
export interface Certificates {
  /** Key and certificate of the server in one file, as Kafka reads them. */
  serverFile: string;
  /** The same for a certificate that was issued for another host name. */
  wrongHostFile: string;
  caFile: string;
  ca: string;
  clientCert: string;
  clientKey: string;
}

/** Creates certificates with openssl in a directory; valid for one day, for localhost and 127.0.0.1. */
export function createCertificates(dir: string): Certificates {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '1',
    '-subj',
    '/CN=Test CA',
  );
  const sign = (name: string, extension: string): string => {
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(dir, `${name}.ext`), extension);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    const file = join(dir, `${name}-both.pem`);
    writeFileSync(file, `${read(`${name}.key`)}${read(`${name}.pem`)}`);
    return file;
  };
  const read = (file: string): string => readFileSync(join(dir, file), 'utf8');
  const serverFile = sign('server', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const wrongHostFile = sign('wrong-host', 'subjectAltName=DNS:kafka.example.com');
  sign('client', 'extendedKeyUsage=clientAuth');
  return {
    serverFile,
    wrongHostFile,
    caFile: join(dir, 'ca.pem'),
    ca: read('ca.pem'),
    clientCert: read('client.pem'),
    clientKey: read('client.key'),
  };
}
