import { Problem } from '../../util/problem';
import { readErrorBody } from './error-body';

/** A rule as a person writes it. */
export interface StreamRule {
  value: string;
  tag: string;
}

/** A rule that X has for the App. */
export interface ActiveRule extends StreamRule {
  id: string;
}

/** A rule that X rejected. */
export interface RejectedRule extends StreamRule {
  /** X's sentence, or one of ours where X gave none. */
  reason: string | Problem;
  /** The App has as many rules as X allows it. */
  overCap?: boolean;
}

/** The body of X's answer to a request about rules. */
export interface RulesAnswer {
  data?: unknown;
  errors?: unknown;
  meta?: { next_token?: unknown };
}

/** @returns the answer; undefined where the body is not a JSON object, `{}` where it is empty */
export function parseAnswer(body: unknown): RulesAnswer | undefined {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(String(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON of another service. An empty object is not foreign: a gateway may send it where there are no rules. */
export const isForeignAnswer = (answer: RulesAnswer): boolean =>
  Object.keys(answer).length > 0 && !('data' in answer || 'meta' in answer || 'errors' in answer);

/** The rules in `data`. */
export function activeRules(answer: RulesAnswer): ActiveRule[] {
  return objects(answer.data).map(({ id, value, tag }) => ({
    id: String(id),
    value: String(value ?? '').trim(),
    tag: String(tag ?? ''),
  }));
}

/** Why X rejected a request as a whole. */
export const rejectionReason = (error: unknown): string | Problem =>
  readErrorBody(error).detail || new Problem('rule-no-reason');

/**
 * Sorts a batch by X's answer to its request.
 * @returns `unanswered`: the rules of the batch that the answer does not mention
 */
export function sortBatch(
  batch: StreamRule[],
  answer: RulesAnswer,
): { active: ActiveRule[]; rejected: RejectedRule[]; unanswered: StreamRule[] } {
  const created = new Map(activeRules(answer).map((rule) => [rule.value, rule]));
  const errors = new Map<string, Record<string, unknown>>();
  for (const error of objects(answer.errors)) {
    if (typeof error.value === 'string') errors.set(error.value.trim(), error);
  }
  const active: ActiveRule[] = [];
  const rejected: RejectedRule[] = [];
  const unanswered: StreamRule[] = [];
  for (const rule of batch) {
    const id = created.get(rule.value)?.id;
    const error = errors.get(rule.value);
    created.delete(rule.value);
    if (id) active.push({ ...rule, id });
    else if (error && isDuplicate(error)) active.push({ ...rule, id: String(error.id) });
    else if (error) rejected.push({ ...rule, reason: rejectionReason(error), overCap: isOverCap(error) });
    else unanswered.push(rule);
  }
  if (created.size !== unanswered.length) return { active, rejected, unanswered };
  // X created these too, and changed their spelling.
  const respelled = [...created.values()];
  active.push(...unanswered.map((rule, at) => ({ ...rule, id: respelled[at]?.id ?? '' })));
  return { active, rejected, unanswered: [] };
}

/** Whether X rejected rules because the App has as many as X allows it. */
export const isOverCap = (error: unknown): boolean => {
  const { reason } = readErrorBody(error);
  return reason === 'rule-cap' || /^RulesCapExceeded$/i.test(reason);
};

/** The body of `GET …/rules/counts`: how many rules X allows the App, and how many it has; undefined where X does not say. */
export function rulesCounts(answer: RulesAnswer): { cap: number; used: number } | undefined {
  const counts = Object(answer.data) as Record<string, unknown>;
  const appCap = Number(counts.cap_per_client_app);
  const projectCap = Number(counts.cap_per_project);
  const used = countIn(counts.client_app_rules_count);
  const cap = appCap || projectCap;
  if (!(cap > 0) || Number.isNaN(used)) return undefined;
  // The project's other Apps use a part of its cap.
  const left = projectCap - countIn(counts.project_rules_count);
  return { cap: left >= 0 ? Math.min(cap, used + left) : cap, used };
}

/** X describes a count as a number, and as an object with the App's id. */
const countIn = (value: unknown): number =>
  Number(typeof value === 'object' ? (Object(value) as { rule_count?: unknown }).rule_count : value);

/** X already has the rule, maybe in another spelling, and reports its id. */
function isDuplicate(error: Record<string, unknown>): boolean {
  const { reason } = readErrorBody(error);
  return error.id !== undefined && (reason === 'duplicate-rules' || error.title === 'DuplicateRule');
}

function objects(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}
