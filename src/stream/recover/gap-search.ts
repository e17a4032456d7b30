import type { ActiveRule } from '../x/rules-answer';
import { FoundPosts } from './found-posts';
import { readPage } from './search-page';
import { type SearchEndpoint, searchQueryOf } from './search-query';
import { type SearchRequestOptions, SearchRequests } from './search-requests';

export interface GapSearchOptions extends SearchRequestOptions {
  /** The rules at X whose posts were missed. */
  rules: ActiveRule[];
  /** `tweet.fields`, `expansions` and so on, as of the stream. */
  fields: Record<string, string>;
  /** The outage, epoch ms by X's clock. */
  from: number;
  to: number;
  /** X's clock, epoch ms. */
  now(): number;
  /** How many posts of a rule are still of use: fewer where its nodes have a daily limit. */
  room(rule: ActiveRule): number;
  /** A page with these posts was found for a rule. */
  onFound(rule: ActiveRule, posts: number): void;
  /** Called for each post once, oldest first. @param line without a line end */
  onPost(line: Buffer, id: string): void;
}

/** What was not found of a rule, and why. */
export interface NotRecovered {
  rule: ActiveRule;
  /**
   * too-long, operator: search cannot find it. too-old: recent search does not reach back to the begin. limit: its nodes are at
   * their daily limit. too-many: only the newest posts were fetched. failed: `error` says why
   */
  reason: 'too-long' | 'operator' | 'too-old' | 'limit' | 'too-many' | 'failed';
  /** The operator that search lacks. */
  operator?: string;
  error?: unknown;
}

export interface GapSearchResult {
  /** Unique posts that X returned. */
  posts: number;
  /** Requests sent. */
  requests: number;
  notRecovered: NotRecovered[];
  /** X's keyword search has returned no retweets since May 2026. */
  retweets: false;
}

/** X delivers a post up to 7 s after its creation: those of the last seconds before the outage may be missing too. */
const latencyMs = 10_000;
/** X accepts no end later than this before now. */
const endBeforeNowMs = 10_000;
/** Recent search reaches back 7 days; a request takes a while. */
const recentMs = 7 * 24 * 3600_000 - 60_000;
const pageSize = { smallest: 10, largest: 100 };
/** Bounds the memory: more posts are not fetched for one outage. */
const maxPosts = 50_000;
/** At most 1,000 posts per second, so that a flow can keep up. */
const postsAtOnce = 100;
const pauseMs = 100;

/**
 * Fetches the posts of an outage by X's search, rule by rule, and then sends them oldest first: a post that several rules
 * found once, with all of them. An error of one rule does not end the others.
 * @returns what was fetched until then, where it was stopped; never rejects, unless `onPost` throws
 */
export async function searchGap(options: GapSearchOptions): Promise<GapSearchResult> {
  const found = new FoundPosts();
  const requests = new SearchRequests(options);
  const notRecovered: NotRecovered[] = [];
  for (const rule of options.rules) {
    try {
      const failure = await searchRule(rule, options, requests, found);
      if (failure) notRecovered.push({ rule, ...failure });
    } catch (error) {
      notRecovered.push({ rule, reason: 'failed', error });
    }
  }
  const posts = found.size;
  await send(found, options);
  return { posts, requests: requests.sent, notRecovered, retweets: false };
}

type Failure = Omit<NotRecovered, 'rule'>;

/** Fetches all pages of a rule. @returns what is missing */
async function searchRule(
  rule: ActiveRule,
  options: GapSearchOptions,
  requests: SearchRequests,
  found: FoundPosts,
): Promise<Failure | undefined> {
  const search = searchQueryOf(rule.value);
  if ('problem' in search)
    return { reason: search.problem, operator: 'operator' in search ? search.operator : undefined };
  const { query, endpoint } = search;
  const { from, to, tooOld } = timesOf(options, endpoint);
  if (from >= to) return tooOld ? { reason: 'too-old' } : undefined;
  const times = { start_time: timeText(from), end_time: timeText(to) };
  let token: string | undefined;
  do {
    const room = options.room(rule);
    if (room <= 0) return { reason: 'limit' };
    if (found.size >= maxPosts) return { reason: 'too-many' };
    const size = Math.max(pageSize.smallest, Math.min(room, pageSize.largest));
    const page: Record<string, string> = token === undefined ? {} : { next_token: token };
    const parameters = { query, ...times, max_results: String(size), ...options.fields, ...page };
    const answer = await requests.get(endpoint, parameters);
    if (!answer) return undefined;
    const results = readPage(answer.body);
    if (!results) return { reason: 'failed', error: new Error('not an answer of the X API') };
    options.onFound(rule, found.add({ id: rule.id, tag: rule.tag }, results));
    if (results.nextToken === token) break;
    token = results.nextToken;
  } while (token !== undefined);
  return tooOld ? { reason: 'too-old' } : undefined;
}

/** The times of a search, epoch ms, in full seconds. */
function timesOf(
  { from, to, now }: GapSearchOptions,
  endpoint: SearchEndpoint,
): { from: number; to: number; tooOld: boolean } {
  const earliest = endpoint === 'recent' ? now() - recentMs : 0;
  const latest = Math.floor((now() - endBeforeNowMs) / 1000) * 1000;
  return {
    from: Math.floor(Math.max(from - latencyMs, earliest) / 1000) * 1000,
    // X returns only posts before the end.
    to: Math.min(Math.floor(to / 1000) * 1000 + 1000, latest),
    tooOld: from < earliest,
  };
}

async function send(found: FoundPosts, { onPost, stopped, ready, sleep }: GapSearchOptions): Promise<void> {
  for await (const posts of found.oldestFirst(() => sleep(0))) {
    for (const [at, { id, line }] of posts.entries()) {
      if (at % postsAtOnce === 0) {
        if (at > 0) await sleep(pauseMs);
        await ready();
      }
      if (stopped()) return;
      onPost(line, id);
    }
  }
}

/** e.g. "2026-08-22T12:00:00Z": X accepts no milliseconds everywhere. */
export const timeText = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
