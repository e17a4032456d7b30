import { isTerm, type Term, type Token, tokenize } from '../filtered/rule-tokens';

/** A rule as a query of X's search: the endpoint that accepts its length, or why there is none. */
export type SearchQuery =
  | { query: string; endpoint: SearchEndpoint }
  | { problem: 'too-long'; length: number }
  | { problem: 'operator'; operator: string };

/** Recent search has the last 7 days; full-archive search ("all") accepts longer queries, one per second. */
export type SearchEndpoint = 'recent' | 'all';

/** Longest query of recent search, for Apps other than Enterprise ("Search posts: integrate"). */
const recentLength = 512;
/** Longest query of full-archive search. */
export const longestQuery = 1024;

/** Operators of the filtered stream that search lacks (X's two pages "Operators"). */
const streamOnly = new Set(
  (
    'bio bio_location bio_name embedding embedding_threshold followers_count following_count from_affiliate_of ' +
    'listed_count min_followers sample source to_affiliate_of tweets_count url_contains url_description url_title'
  ).split(' '),
);

/** Operators that only recent search has. */
const recentOnly = new Set(['entity']);

/** Finds out whether search can find what a rule matches. @param rule as X has it */
export function searchQueryOf(rule: string): SearchQuery {
  const query = rule.trim();
  const length = [...query].length;
  if (length > longestQuery) return { problem: 'too-long', length };
  const endpoint = length > recentLength ? 'all' : 'recent';
  const terms = termsOf(query);
  const missing = terms.find(
    ({ name }) => streamOnly.has(name) || (endpoint === 'all' && recentOnly.has(name)),
  );
  if (missing) return { problem: 'operator', operator: `${missing.name}:` };
  const near = terms.find(({ text }) => /"~\d+$/.test(text));
  if (near) return { problem: 'operator', operator: near.text };
  return { query, endpoint };
}

/** X has accepted the rule, so what cannot be split into terms here is left to X. */
function termsOf(rule: string): Term[] {
  let tokens: Token[] = [];
  try {
    tokens = tokenize(rule);
  } catch {}
  return tokens.filter(isTerm);
}
