import type { SentenceKey } from '../../util/english';
import type { Finding } from '../../util/finding';
import { Problem, type ProblemParams } from '../../util/problem';
import { within } from '../../util/within';
import type { XApp } from './app';
import { type FailureKind, XFailure } from './failure';
import { RulesApi } from './rules-api';

const defaultLimitMs = 10_000;

/**
 * Tests an App step by step: does the X API answer, does it accept the credentials, may the App use the
 * filtered stream. It reads the App's rules: that opens no stream, counts no post and so is free.
 * @param limitMs time limit for all steps
 * @returns the steps that succeeded, then the one that failed, if any; never rejects
 */
export async function probeApp(app: XApp, limitMs = defaultLimitMs): Promise<Finding[]> {
  const { host } = new URL(app.baseUrl);
  const answers = success('probe-answers', { host });
  const accepted = success('bearerToken' in app ? 'probe-token-accepted' : 'probe-key-accepted', { host });
  const api = new RulesApi(app);
  try {
    const { length: count } = await within(api.list(), limitMs, () => {
      throw new Problem('probe-timeout', { host, seconds: limitMs / 1000 });
    });
    return [answers, accepted, success(count === 0 ? 'probe-no-rules' : 'probe-rules', { count })];
  } catch (error) {
    const passed = stepsPassed(error);
    return [...[answers, accepted].slice(0, passed), { ok: false, says: probeProblem(error, host) }];
  } finally {
    api.close();
  }
}

/** What a kind of failure means to the test. */
interface ProbeFailure {
  sentence?: SentenceKey;
  /** Steps that X's answer proves: 1, the X API answers; 2, it accepts the credentials too. */
  passed?: 1 | 2;
}

const failures: Partial<Record<FailureKind, ProbeFailure>> = {
  'token-refused': { sentence: 'probe-token-refused', passed: 1 },
  'new-token-refused': { sentence: 'probe-token-refused', passed: 1 },
  'key-refused': { sentence: 'probe-key-refused', passed: 1 },
  'rate-limit': { sentence: 'probe-rate-limit', passed: 1 },
  'too-many-connections': { sentence: 'probe-rate-limit', passed: 1 },
  'server-error': { sentence: 'probe-server-error', passed: 1 },
  forbidden: { sentence: 'probe-access', passed: 2 },
  'usage-cap': { sentence: 'probe-usage-cap', passed: 2 },
  'no-token': { sentence: 'probe-no-token' },
  'unexpected-status': { sentence: 'probe-unexpected' },
  refused: { sentence: 'probe-unexpected' },
};

function stepsPassed(error: unknown): number {
  if (!(error instanceof XFailure) || error.foreign) return 0;
  return failures[error.kind]?.passed ?? 0;
}

/**
 * The dialog's sentence for a failed test.
 * @param error what was thrown
 */
export function probeProblem(error: unknown, host: string): Problem {
  if (!(error instanceof XFailure)) {
    return error instanceof Problem ? error : new Problem('unexpected', {}, { cause: error });
  }
  const params = { ...error.params, host };
  if (error.kind === 'unreachable') return new Problem(networkSentence(error.reason), params);
  if (error.foreign) return new Problem('probe-not-x', { host, status: error.status ?? 200 });
  if (error.retry === 'rate-limit' && error.notBefore !== undefined) {
    const time = new Date(error.notBefore).toISOString().slice(11, 19);
    return new Problem('probe-rate-limit-until', { ...params, time });
  }
  return new Problem(failures[error.kind]?.sentence ?? error.key, params);
}

/** The sentence by the code of a network error; the first row that matches counts. */
const networkErrors: [RegExp, SentenceKey][] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME|EAI_FAIL)$/, 'probe-dns'],
  [/^ECONNREFUSED$/, 'probe-connection-refused'],
  [/^(ECONNRESET|EPIPE)$/, 'probe-closed'],
  [/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)/, 'probe-certificate'],
  [/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'probe-tls'],
  [/^HPE_/, 'probe-not-http'],
];

const networkSentence = (code: string): SentenceKey =>
  networkErrors.find(([pattern]) => pattern.test(code))?.[1] ?? 'probe-no-way';

const success = (key: SentenceKey, params: ProblemParams): Finding => ({
  ok: true,
  says: new Problem(key, params),
});
