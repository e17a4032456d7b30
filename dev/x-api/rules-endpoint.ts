import { HttpError } from './http';
import { type Body, invalidRequest } from './problems';
import type { RuleSet } from './rule-set';

const invalid = (message: string, parameters: Record<string, string[]> = {}) =>
  new HttpError(400, invalidRequest([{ parameters, message }]));

const sent = () => new Date().toISOString();

/** GET /2/tweets/search/stream/rules: all rules or those of `ids`, paginated. */
export function listRules(ruleSet: RuleSet, query: URLSearchParams): Body {
  const limit = query.get('max_results') ?? '1000';
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000)
    throw invalid(`The \`max_results\` query parameter value [${limit}] is not between 1 and 1000`, {
      max_results: [limit],
    });
  const ids = query.get('ids')?.split(',');
  const from = Number.parseInt(query.get('pagination_token') ?? '0', 36) || 0;
  const rules = ruleSet.list.filter((rule) => !ids || ids.includes(rule.id));
  const page = rules.slice(from, from + Number(limit));
  const next = from + page.length;
  const meta: Body = { sent: sent(), result_count: page.length };
  if (next < rules.length) meta.next_token = next.toString(36).padStart(16, '0');
  return page.length > 0 ? { data: page, meta } : { meta };
}

/** GET /2/tweets/search/stream/rules/counts: the caps and the rules in use. */
export function countRules(ruleSet: RuleSet, cap: number, query: URLSearchParams): Body {
  const rules = ruleSet.list.length;
  const data: Body = {
    cap_per_client_app: cap,
    cap_per_project: cap,
    client_app_rules_count: { client_app_id: '28834974', rule_count: rules },
    project_rules_count: rules,
  };
  const fields = query.get('rules_count.fields')?.split(',') ?? Object.keys(data);
  return { data: Object.fromEntries(Object.entries(data).filter(([name]) => fields.includes(name))) };
}

/** POST /2/tweets/search/stream/rules: adds or deletes rules; status 201 if any was created. */
export function changeRules(
  ruleSet: RuleSet,
  query: URLSearchParams,
  text: string,
): { status: number; body: Body } {
  const dryRun = query.get('dry_run') === 'true';
  if (query.get('delete_all') === 'true') {
    const deleted = ruleSet.remove({ ids: ruleSet.list.map((rule) => rule.id) }, dryRun);
    return { status: 200, body: { meta: { sent: sent(), summary: { deleted, not_deleted: 0 } } } };
  }
  const body = parsed(text);
  if ('add' in body && 'delete' in body) throw invalid('Only one of [add, delete] can be in a request');
  if ('add' in body) return addRules(ruleSet, body.add, dryRun);
  if ('delete' in body) return deleteRules(ruleSet, body.delete, dryRun);
  throw invalid('The request body must have one of [add, delete]');
}

function addRules(ruleSet: RuleSet, input: unknown, dryRun: boolean) {
  if (!Array.isArray(input) || input.length === 0)
    throw invalid('`add` must be a list with at least one rule');
  const rules = input.map((item: unknown, index) => {
    const { value, tag } = (item ?? {}) as { value?: unknown; tag?: unknown };
    if (typeof value !== 'string') throw invalid(`$.add[${index}].value: must be a string`);
    if (tag !== undefined && tag !== null && typeof tag !== 'string')
      throw invalid(`$.add[${index}].tag: must be a string`);
    return { value, tag: tag ?? undefined };
  });
  const { created, errors } = ruleSet.add(rules, dryRun);
  const summary = {
    created: created.length,
    not_created: errors.length,
    valid: created.length,
    invalid: errors.length,
  };
  const body: Body = { meta: { sent: sent(), summary } };
  if (created.length > 0) body.data = created;
  if (errors.length > 0) body.errors = errors;
  return { status: created.length > 0 ? 201 : 200, body };
}

function deleteRules(ruleSet: RuleSet, input: unknown, dryRun: boolean) {
  const { ids, values } = (input ?? {}) as { ids?: unknown; values?: unknown };
  const list = (value: unknown, name: string): string[] => {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw invalid(`$.delete.${name}: must be a list of strings`);
    return value;
  };
  const selection = { ids: list(ids, 'ids'), values: list(values, 'values') };
  const count = selection.ids.length + selection.values.length;
  if (count === 0) throw invalid('`delete` must have `ids` or `values` with at least one entry');
  const deleted = ruleSet.remove(selection, dryRun);
  const summary = { deleted, not_deleted: count - deleted };
  const body: Body = { meta: { sent: sent(), summary } };
  if (deleted < count) body.errors = [invalidRequest([{ parameters: {}, message: 'Rule does not exist' }])];
  return { status: 200, body };
}

function parsed(text: string): object {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalid('The request body is not valid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('The request body must be a JSON object');
  return body;
}
