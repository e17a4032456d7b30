import type { SentenceKey } from '../../util/english';
import type { Finding } from '../../util/finding';
import { Problem, type ProblemParams } from '../../util/problem';
import type { XApp } from './app';
import { XFailure } from './failure';
import { RulesApi } from './rules-api';

const defaultLimitMs = 10_000;

const dns = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EAI_FAIL'];
const certificate =
  /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|ERR_TLS_CERT_ALTNAME_INVALID/;
const tls = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;

/**
 * Tries an App at X, step by step: is the X API there, does it take the credentials, may the App use the
 * filtered stream. It reads the App's rules, which opens no stream, counts no post and so costs nothing.
 * @returns the steps that went well, and the one that failed as the last; never rejects
 */
export async function probeApp(app: XApp, limitMs = defaultLimitMs): Promise<Finding[]> {
  const { host } = new URL(app.baseUrl);
  const answers = well('probe-answers', { host });
  const accepted = well('bearerToken' in app ? 'probe-token-accepted' : 'probe-key-accepted', { host });
  const api = new RulesApi(app);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const problem = new Problem('probe-timeout', { host, seconds: limitMs / 1000 });
    timer = setTimeout(() => reject(problem), limitMs);
  });
  try {
    const { length: count } = await Promise.race([api.list(), late]);
    return [answers, accepted, well(count === 0 ? 'probe-no-rules' : 'probe-rules', { count })];
  } catch (error) {
    const says = problemOf(error, host);
    const failed = { ok: false, says };
    if (atHttp.has(says.key)) return [answers, failed];
    return afterLogin.has(says.key) ? [answers, accepted, failed] : [failed];
  } finally {
    clearTimeout(timer);
    api.close();
  }
}

/** What these say, X said: so it is there. */
const atHttp = new Set([
  'probe-token-refused',
  'probe-key-refused',
  'probe-rate-limit',
  'probe-rate-limit-until',
  'probe-server-error',
]);

/** X says these to an App that it knows. */
const afterLogin = new Set(['probe-access', 'probe-usage-cap']);

const said: Record<string, SentenceKey> = {
  'x-token-refused': 'probe-token-refused',
  'x-new-token-refused': 'probe-token-refused',
  'x-key-refused': 'probe-key-refused',
  'x-forbidden': 'probe-access',
  'x-usage-cap': 'probe-usage-cap',
  'x-server-error': 'probe-server-error',
  'x-no-token': 'probe-no-token',
  'x-unexpected-status': 'probe-unexpected',
  'x-refused': 'probe-unexpected',
};

/** Why it failed, in the words of the dialog. Exported for its table of codes. */
export function problemOf(error: unknown, host: string): Problem {
  if (!(error instanceof XFailure)) {
    return error instanceof Problem ? error : new Problem('unexpected', {}, { cause: error });
  }
  const params = { ...error.params, host };
  if (error.key === 'x-unreachable') return new Problem(networkKey(error.reason), params);
  if (error.foreign) {
    return new Problem('probe-not-x', { host, status: error.status ?? 200 });
  }
  if (error.key === 'x-rate-limit' || error.key === 'x-too-many-connections')
    return rateLimited(error, params);
  return new Problem(said[error.key] ?? error.key, params);
}

function networkKey(code: string): SentenceKey {
  if (dns.includes(code)) return 'probe-dns';
  if (code === 'ECONNREFUSED') return 'probe-connection-refused';
  if (code === 'ETIMEDOUT') return 'probe-no-way';
  if (certificate.test(code)) return 'probe-certificate';
  if (tls.test(code)) return 'probe-tls';
  if (code.startsWith('HPE_')) return 'probe-not-http';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'probe-closed' : 'probe-no-way';
}

function rateLimited({ notBefore }: XFailure, params: ProblemParams): Problem {
  if (notBefore === undefined) return new Problem('probe-rate-limit', params);
  const time = new Date(notBefore).toISOString().slice(11, 19);
  return new Problem('probe-rate-limit-until', { ...params, time });
}

const well = (key: SentenceKey, params: ProblemParams): Finding => ({
  ok: true,
  says: new Problem(key, params),
});
