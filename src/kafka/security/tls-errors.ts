import type { SentenceKey } from '../../util/english';
import { Problem } from '../../util/problem';

// How OpenSSL (in Node.js) names what fails in a TLS handshake: the chain of certificates first.
const byCode: Record<string, SentenceKey> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-ca-unknown',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-ca-unknown',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-ca-unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-ca-unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-ca-unknown',
  CERT_HAS_EXPIRED: 'tls-expired',
  CERT_NOT_YET_VALID: 'tls-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name-mismatch',
  // No TLS at the other end: what it answered is no TLS record.
  EPROTO: 'tls-not-spoken',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls-not-spoken',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls-not-spoken',
};

// The alerts by which a server refuses the client's certificate, or that there is none (RFC 8446, 6.2).
const clientCertificate =
  /^ERR_SSL_.*ALERT_(BAD_CERTIFICATE|CERTIFICATE_(REQUIRED|UNKNOWN|EXPIRED|REVOKED)|UNKNOWN_CA|ACCESS_DENIED)$/;

/** The key of the sentence for a socket's error if it is one of TLS; undefined otherwise. */
export function tlsSentence(code: string, message: string): SentenceKey | undefined {
  // Node.js gives a broken handshake the code of a connection that was reset.
  if (/before secure TLS connection/.test(message)) return 'tls-not-spoken';
  if (clientCertificate.test(code)) return 'tls-client-certificate';
  return byCode[code] ?? (/^ERR_(SSL|TLS|OSSL)_/.test(code) ? 'tls-failed' : undefined);
}

/**
 * The Problem for a broker's answer to the question whether one may log in at all, by Kafka's name of the
 * error; undefined for any other. Such an answer leaves a connection that answers nothing else.
 */
export function loginProblem(type: string): Problem | undefined {
  if (type === 'UNSUPPORTED_SASL_MECHANISM') return new Problem('sasl-mechanism', { code: type });
  if (type === 'ILLEGAL_SASL_STATE') return new Problem('sasl-not-asked', { code: type });
  return undefined;
}
