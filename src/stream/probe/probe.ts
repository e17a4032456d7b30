import type { SentenceKey } from '../../util/english';
import type { Finding } from '../../util/finding';
import { Problem, type ProblemParams } from '../../util/problem';
import { within } from '../../util/within';
import { isOAuth1, type XApp } from '../x/app';
import { XClient } from '../x/client';
import { XFailure } from '../x/failure';
import type { FailureKind } from '../x/failure-kinds';
import { RulesApi } from '../x/rules-api';
import { usageFinding } from './usage';

const defaultLimitMs = 10_000;
const usageLimitMs = 3_000;

/**
 * Tests an App step by step: does the X API answer, does it accept the credentials, may the App use the
 * filtered stream. It reads the App's rules and usage: that opens no stream, counts no post and so is free.
 * @param limitMs time limit for all steps but the usage, which is left out after 3 s
 * @returns the steps that succeeded, then the one that failed, if any; never rejects
 */
export async function probeApp(app: XApp, limitMs = defaultLimitMs): Promise<Finding[]> {
  const client = new XClient(app);
  const api = new RulesApi(app);
  const { host } = client;
  const found: Finding[] = [];
  const steps = async (): Promise<void> => {
    const { length: count } = await api.list();
    found.push(...passedSteps(app, 2), success(count === 0 ? 'probe-no-rules' : 'probe-rules', { count }));
    if (isOAuth1(app)) found.push(await accessTokenFinding(client));
  };
  try {
    await within(steps(), limitMs, () => {
      const seconds = limitMs / 1000;
      // The rules come first, and all steps use the same way.
      throw found.length === 0 ? api.timeoutFailure(seconds) : client.timeoutFailure(seconds);
    });
    const usage = await within(usageFinding(client), usageLimitMs, () => undefined);
    return usage ? [...found, usage] : found;
  } catch (error) {
    const passed = found.length > 0 ? [] : passedSteps(app, stepsPassed(error));
    return [...found, ...passed, { ok: false, says: probeProblem(error, host) }];
  } finally {
    api.close();
    client.close();
  }
}

function passedSteps(app: XApp, count: number): Finding[] {
  const { host } = new URL(app.baseUrl);
  const accepted = 'bearerToken' in app ? 'probe-token-accepted' : 'probe-key-accepted';
  return [success('probe-answers', { host }), success(accepted, { host })].slice(0, count);
}

/** Whether X accepts the keys of OAuth 1.0a. A gateway for the v1.1 streams may lack everything else of v1.1. */
async function accessTokenFinding(client: XClient): Promise<Finding> {
  try {
    const { status } = await client.getSigned('account/verify_credentials.json');
    if (status === 200) return success('probe-access-token-accepted', {});
    return untested(client.host, status);
  } catch (error) {
    if (!(error instanceof XFailure) || error.status === undefined) throw error;
    if (error.kind === 'signature-refused') throw error;
    return untested(client.host, error.status);
  }
}

const untested = (host: string, status: number): Finding => ({
  ok: true,
  hint: true,
  says: new Problem('probe-access-token-untested', { host, status }),
});

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
  'signature-refused': { sentence: 'probe-signature-refused', passed: 1 },
  'rate-limit': { sentence: 'probe-rate-limit', passed: 1 },
  'too-many-connections': { sentence: 'probe-rate-limit', passed: 1 },
  'server-error': { sentence: 'probe-server-error', passed: 1 },
  forbidden: { sentence: 'probe-access', passed: 2 },
  'usage-cap': { sentence: 'probe-usage-cap', passed: 2 },
  credits: { sentence: 'probe-usage-cap', passed: 2 },
  'spend-cap': { sentence: 'probe-usage-cap', passed: 2 },
  'spend-cap-until': { sentence: 'probe-usage-cap', passed: 2 },
  'connect-timeout': { sentence: 'probe-timeout' },
  'proxy-unreachable': { sentence: 'probe-proxy-unreachable' },
  'proxy-auth': { sentence: 'probe-proxy-auth' },
  'proxy-refused': { sentence: 'probe-proxy-refused' },
  'proxy-timeout': { sentence: 'probe-proxy-timeout' },
  'proxy-cut': { sentence: 'probe-proxy-cut' },
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
  // X's front answers a page to too many requests, and where X itself is down.
  const isX = error.limited || (error.status ?? 0) >= 500;
  if (error.foreign && !isX) return new Problem('probe-not-x', { host, status: error.status ?? 200 });
  if ((error.policy === 'rate-limit' || error.policy === 'connections') && error.notBefore !== undefined) {
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
