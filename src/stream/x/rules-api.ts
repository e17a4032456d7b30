import type { TwitterResponse } from 'twitter-api-v2';
import type { XApp } from './app';
import { userAgent, XClient } from './client';
import { readErrorBody } from './error-body';
import { failureOf, XFailure } from './failure';

/** A rule as a person writes it. */
export interface Rule {
  value: string;
  tag: string;
}

/** A rule as X holds it. */
export interface HeldRule extends Rule {
  id: string;
}

/** A rule that X did not take, and why in X's words. */
export interface RefusedRule extends Rule {
  reason: string;
}

interface Answer {
  data?: unknown;
  errors?: unknown;
  meta?: { next_token?: unknown };
}

const path = 'tweets/search/stream/rules';
const requestTimeoutMs = 20_000;
const batchSize = 100;
const noReason = 'no reason given';

/** The rules of one App at X ("Filtered stream: rules"). All methods reject with an XFailure. */
export class RulesApi {
  private readonly client;

  constructor(app: XApp) {
    this.client = new XClient(app);
  }

  /** Ends what is under way; to be called when done. */
  close(): void {
    this.client.close();
  }

  /** All rules, over all pages. */
  async list(): Promise<HeldRule[]> {
    const rules: HeldRule[] = [];
    let page: string | undefined;
    do {
      const answer = await this.request('GET', undefined, { max_results: 1000, pagination_token: page });
      if (isForeign(answer)) throw notTheApi(this.client.host);
      rules.push(...heldRules(answer));
      const next = answer.meta?.next_token;
      page = typeof next === 'string' && next !== page ? next : undefined;
    } while (page);
    return rules;
  }

  /**
   * Adds rules. X may take some and refuse others; where it does not say which, they are tried in halves.
   */
  async add(rules: Rule[]): Promise<{ held: HeldRule[]; refused: RefusedRule[] }> {
    const held: HeldRule[] = [];
    const refused: RefusedRule[] = [];
    const waiting: Rule[][] = [];
    for (let at = 0; at < rules.length; at += batchSize) waiting.push(rules.slice(at, at + batchSize));
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      const answer = await this.post({ add: batch.map(({ value, tag }) => ({ value, tag })) });
      const answered = takeAnswer(batch, answer);
      held.push(...answered.held);
      refused.push(...answered.refused);
      const { left } = answered;
      if (left.length === 0) continue;
      if (left.length < batch.length) waiting.push(left);
      else if (batch.length > 1) waiting.push(...halves(batch));
      else
        refused.push(...left.map((rule) => ({ ...rule, reason: readErrorBody(answer).detail || noReason })));
    }
    return { held, refused };
  }

  /** Deletes rules by id; those that X does not delete stay in its list. */
  async delete(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.post({ delete: { ids } });
  }

  /** A refusal of the rules themselves is an answer too, whatever its status. */
  private async post(body: object): Promise<Answer> {
    try {
      return await this.request('POST', body);
    } catch (error) {
      const refusal = error instanceof RequestRefused ? error.answer : undefined;
      if (refusal) return refusal;
      throw error;
    }
  }

  private async request(method: 'GET' | 'POST', body?: object, query = {}): Promise<Answer> {
    const { prefix, host } = this.client;
    const common = {
      prefix,
      timeout: requestTimeoutMs,
      forceParseMode: 'text',
      headers: { 'user-agent': userAgent },
      fullResponse: true,
    } as const;
    let response: TwitterResponse<unknown>;
    try {
      response = await this.client.use<TwitterResponse<unknown>>((api) =>
        method === 'GET'
          ? api.v2.get(path, query, common)
          : // Below a path of its own a base URL would be taken for one with form-encoded bodies.
            api.v2.post(path, body, { ...common, forceBodyMode: 'json' }),
      );
    } catch (error) {
      const failure = failureOf(error, host);
      const answer = asAnswer((error as { data?: unknown }).data);
      throw failure.status === 400 || failure.status === 422 ? new RequestRefused(failure, answer) : failure;
    }
    // The library takes a redirect for an answer; X sends none.
    const answer = response.headers.location === undefined ? asAnswer(response.data) : undefined;
    if (!answer) throw notTheApi(host);
    return answer;
  }
}

/** X refused a request for what it says, not for who asks. */
class RequestRefused extends XFailure {
  constructor(
    failure: XFailure,
    readonly answer: Answer | undefined,
  ) {
    super(failure.kind, failure.params, failure);
  }
}

/** Some other service may answer with JSON too; a gateway may leave out all where there are no rules. */
const isForeign = (answer: Answer): boolean =>
  Object.keys(answer).length > 0 && !('data' in answer || 'meta' in answer || 'errors' in answer);

const notTheApi = (host: string): XFailure =>
  new XFailure('not-the-api', { host }, { reason: 'not the X API', foreign: true });

function takeAnswer(batch: Rule[], answer: Answer) {
  const created = new Map(heldRules(answer).map((rule) => [rule.value, rule]));
  const errors = new Map<string, Record<string, unknown>>();
  for (const error of records(answer.errors)) {
    if (typeof error.value === 'string') errors.set(error.value.trim(), error);
  }
  const held: HeldRule[] = [];
  const refused: RefusedRule[] = [];
  let left: Rule[] = [];
  for (const rule of batch) {
    const id = created.get(rule.value)?.id;
    const error = errors.get(rule.value);
    created.delete(rule.value);
    if (id) held.push({ ...rule, id });
    else if (error && isDuplicate(error)) held.push({ ...rule, id: String(error.id) });
    else if (error) refused.push({ ...rule, reason: readErrorBody(error).detail || noReason });
    else left.push(rule);
  }
  // Created as well, but written in X's own way.
  if (created.size === left.length) {
    const rest = [...created.values()];
    held.push(...left.map((rule, at) => ({ ...rule, id: rest[at]?.id ?? '' })));
    left = [];
  }
  return { held, refused, left };
}

/** X holds the rule already, perhaps written otherwise, and tells its id. */
function isDuplicate(error: Record<string, unknown>): boolean {
  const { reason } = readErrorBody(error);
  return error.id !== undefined && (reason === 'duplicate-rules' || error.title === 'DuplicateRule');
}

function heldRules(answer: Answer): HeldRule[] {
  return records(answer.data).map(({ id, value, tag }) => ({
    id: String(id),
    value: String(value ?? '').trim(),
    tag: String(tag ?? ''),
  }));
}

function records(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}

function halves<T>(list: T[]): [T[], T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

function asAnswer(body: unknown): Answer | undefined {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(String(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
