import { envelopeOf } from '../fields';
import { isRetweet } from '../generator/types';
import { HttpError } from '../http';
import { type Body, invalidRequest } from '../problems';
import { invalidParameter, selectionOf, timeOf } from '../query';
import { compileRule, matches, subjectOf } from '../rules';
import type { Node } from '../rules/syntax';
import type { Settings } from '../settings';
import type { PostStore } from './post-store';

/** Recent search, and search in the full archive. */
export interface SearchKind {
  /** Characters of a query. */
  longestQuery: number;
  mostResults: number;
  /** How far it reaches back. */
  reachMs: number;
}

export const recentSearch: SearchKind = { longestQuery: 512, mostResults: 100, reachMs: 7 * 86_400_000 };
export const archiveSearch: SearchKind = {
  longestQuery: 1024,
  mostResults: 500,
  reachMs: Number.POSITIVE_INFINITY,
};

/** The stream's operators that search lacks. */
const LACKING =
  /(?:^|[\s(-])(sample|bio|bio_name|bio_location|followers_count|following_count|tweets_count|listed_count|min_followers|url_title|url_description|url_contains|embedding|embedding_threshold|from_affiliate_of|to_affiliate_of|in_reply_to_tweet_id|retweets_of_tweet_id):/i;
const parameters = ['query', 'start_time', 'end_time', 'since_id', 'until_id', 'max_results', 'next_token'];
/** `end_time` is at least this long before the request. */
const END_BEFORE_NOW = 10_000;

/** GET /2/tweets/search/recent and all: matching posts except retweets, newest first, paginated. */
export function search(
  kind: SearchKind,
  store: PostStore,
  query: URLSearchParams,
  settings: Settings,
  now: number,
): { body: Body; ids: string[] } {
  const fields = query.getAll('post.fields');
  const aliased = new URLSearchParams(query);
  aliased.delete('post.fields');
  for (const field of fields) aliased.append('tweet.fields', field);
  const selection = selectionOf(
    aliased,
    [...parameters, 'sort_order', 'pagination_token'],
    settings.unknownFields,
  );
  const rule = compiled(kind, query.get('query') ?? '');
  const { from, to } = period(kind, query, now);
  const limit = integer(query, 'max_results', 10, 10, kind.mostResults);
  const before = query.get('next_token') ?? query.get('pagination_token');
  const found = store
    .between(from, Math.min(to, now - settings.searchDelayMs))
    .reverse()
    .filter(({ post }) => !before || BigInt(post.data.id) < BigInt(idOf(before)))
    .filter(({ post }) => !isRetweet(post))
    .filter(({ post }) => matches(rule, subjectOf(post)));
  const page = found.slice(0, limit).map(({ post }) => post);
  const ids = page.map((post) => post.data.id);
  const meta: Body = { result_count: page.length };
  if (page.length === 0) return { body: { meta }, ids };
  Object.assign(meta, { newest_id: ids[0], oldest_id: ids.at(-1) });
  if (found.length > limit) meta.next_token = `b26v${BigInt(ids.at(-1) as string).toString(36)}`;
  const envelopes = page.map((post) => envelopeOf(post, selection));
  const includes = merged(envelopes.map((envelope) => envelope.includes ?? {}));
  const errors = envelopes.flatMap((envelope) => envelope.errors ?? []);
  return {
    body: {
      data: envelopes.map(({ data }) => data),
      ...(Object.keys(includes).length > 0 && { includes }),
      ...(errors.length > 0 && { errors }),
      meta,
    },
    ids,
  };
}

function compiled(kind: SearchKind, query: string): Node {
  const lacking = LACKING.exec(query)?.[1];
  if (lacking)
    throw invalidParameter(
      'query',
      query,
      `There were errors processing your request: Reference to invalid operator '${lacking}'. ` +
        'Operator is not available in current product or product packaging.',
    );
  const rule = compileRule(query, kind.longestQuery);
  if ('details' in rule)
    throw new HttpError(
      400,
      invalidRequest(
        rule.details.map((detail) => ({
          parameters: { query: [query] },
          message: `There were errors processing your request: ${detail}`,
        })),
      ),
    );
  return rule.rule;
}

function period(kind: SearchKind, query: URLSearchParams, now: number): { from: number; to: number } {
  const from = timeOf(query, 'start_time') ?? now - kind.reachMs;
  const to = timeOf(query, 'end_time') ?? now - 30_000;
  // The times have no milliseconds.
  if (query.has('end_time') && to > now - END_BEFORE_NOW)
    throw invalidParameter(
      'end_time',
      query.get('end_time') ?? '',
      "Invalid 'end_time'. 'end_time' must be a minimum of 10 seconds prior to the request time.",
    );
  if (from < now - kind.reachMs)
    throw invalidParameter(
      'start_time',
      query.get('start_time') ?? '',
      "Invalid 'start_time'. 'start_time' must be within the last 7 days.",
    );
  if (from >= to)
    throw invalidParameter(
      'start_time',
      query.get('start_time') ?? '',
      "'start_time' must be before 'end_time'.",
    );
  return { from, to };
}

function integer(
  query: URLSearchParams,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalidParameter(
      name,
      text,
      `The \`${name}\` query parameter value [${text}] is not between ${least} and ${most}`,
    );
  return value;
}

function idOf(token: string): string {
  if (!/^b26v[0-9a-z]+$/.test(token)) throw invalidParameter('next_token', token, 'Invalid pagination token');
  let id = 0n;
  for (const digit of token.slice(4)) id = id * 36n + BigInt(Number.parseInt(digit, 36));
  return String(id);
}

/** Each included object once. */
function merged(all: Partial<Record<string, object[]>>[]): Record<string, object[]> {
  const result: Record<string, object[]> = {};
  for (const includes of all)
    for (const [name, objects = []] of Object.entries(includes)) {
      const known = result[name] ?? [];
      result[name] = known;
      const keys = new Set(known.map(keyOf));
      known.push(...objects.filter((object) => !keys.has(keyOf(object))));
    }
  return result;
}

const keyOf = (object: object): unknown =>
  'media_key' in object ? object.media_key : 'id' in object ? object.id : object;
