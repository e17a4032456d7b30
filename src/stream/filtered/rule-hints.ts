import type { SentenceKey } from '../../util/english';
import { Problem } from '../../util/problem';
import { isTerm, type Term, type Token } from './rule-tokens';

/** X's operators with a value (pages "Operators" of the filtered stream and of search). */
const operators = (
  'bio bio_location bio_name bounding_box context conversation_id embedding embedding_threshold entity ' +
  'followers_count following_count from from_affiliate_of has in_reply_to_tweet_id is lang list listed_count ' +
  'min_followers place place_country point_radius quotes_of_tweet_id retweets_of retweets_of_tweet_id sample ' +
  'source to to_affiliate_of tweets_count url url_contains url_description url_title'
).split(' ');

const userOperators = ['from', 'to', 'retweets_of', 'from_affiliate_of', 'to_affiliate_of'];

/** The documented values; the first ones are shown. */
const values: Record<string, string[]> = {
  is: ['retweet', 'reply', 'quote', 'verified', 'nullcast'],
  has: 'hashtags cashtags links mentions media images video_link geo videos symbols'.split(' '),
};

/** What is typed for a sign on another keyboard or by a word processor, and the sign X has. */
const otherSigns: Record<string, string> = {
  '（': '(',
  '）': ')',
  '：': ':',
  '＃': '#',
  '＠': '@',
  '＄': '$',
};

const doubleQuotes = /[“”„‟«»＂″〝〞「」『』]/;
/** At the start of a word: inside of one they are apostrophes. */
const singleQuotes = /^[‘’‚‛‹›＇`´]/;
const dashes = /^[‐‑‒–—―−－]/;
// What words begin with: X rejects other signs there, at least some of them. A keycap emoji begins with * too.
const usualStart =
  /^([\p{L}\p{N}\p{M}_#@\p{Extended_Pictographic}\p{Regional_Indicator}]|\$\p{L}|\*\ufe0f?\u20e3)/u;

/** The first term that X probably takes otherwise than its author means. */
export function ruleHint(tokens: Token[]): Problem | undefined {
  for (const [index, term] of tokens.entries()) {
    if (!isTerm(term)) continue;
    const hint = hintFor(term, tokens[index + 1]);
    if (hint) return hint;
  }
  return undefined;
}

function hintFor(term: Term, next: Token | undefined): Problem | undefined {
  if (term.kind === 'operator') return operatorHint(term) ?? dashHint(term);
  if (term.kind === 'word') return joinHint(term, next) ?? signHint(term.text) ?? dashHint(term);
  return dashHint(term);
}

const dashHint = ({ dashApart, text }: Term): Problem | undefined =>
  dashApart ? new Problem('rule-hint-dash', { word: text }) : undefined;

/** Words and signs that join or exclude terms in other languages. */
function joinHint({ text, negated }: Term, next: Token | undefined): Problem | undefined {
  const hint = (key: SentenceKey, word = text): Problem => new Problem(key, { word });
  if (!negated && /^(or|\|+)$/i.test(text.normalize('NFKC'))) return hint('rule-hint-or');
  const comma = (next && /^[,;、，]|[,;、，]$/.exec(text)?.[0]) ?? /\p{L}([,;])\p{L}/u.exec(text)?.[1];
  if (comma) return hint('rule-hint-or', comma);
  const inner = /.(\|\||&&)./.exec(text)?.[1];
  if (inner) return hint(inner === '||' ? 'rule-hint-or' : 'rule-hint-and', inner);
  if (/^(&+|\++)$/.test(text)) return hint('rule-hint-and');
  if (/^\+[\p{L}#@$]/u.test(text)) return hint('rule-hint-and', '+');
  const beforeTerm = next?.type === 'term' || next?.type === '(';
  if (/^not$/i.test(text) && beforeTerm && !negated) return hint('rule-hint-not');
  const sign = /^!(?=.)/.exec(text)?.[0] ?? dashes.exec(text)?.[0];
  return sign ? hint('rule-hint-not', sign) : undefined;
}

/** Signs that X takes for text, or rejects. */
function signHint(text: string): Problem | undefined {
  const quote = doubleQuotes.exec(text)?.[0] ?? singleQuotes.exec(text)?.[0];
  if (quote) return new Problem('rule-hint-quote', { sign: quote });
  const sign = [...text].find((one) => one in otherSigns);
  if (sign) return new Problem('rule-hint-sign', { sign, other: otherSigns[sign] ?? sign });
  if (/[\p{L}\p{N}_]\*+$/u.test(text)) return new Problem('rule-hint-wildcard', { word: text });
  return usualStart.test(text) ? undefined : new Problem('rule-hint-start', { word: text });
}

function operatorHint({ text, name, value }: Term): Problem | undefined {
  if (name === 'http' || name === 'https') return new Problem('rule-hint-url', { url: text });
  if (!operators.includes(name)) {
    const known = operators.find((operator) => isOneEditAway(name, operator));
    return known
      ? new Problem('rule-hint-operator-like', { operator: `${name}:`, known: `${known}:` })
      : new Problem('rule-hint-operator', { operator: `${name}:` });
  }
  const quote = /^[“”„‟«»＂″'‘’‚`´]/.exec(value)?.[0];
  if (quote) return new Problem('rule-hint-quote', { sign: quote });
  if (value.startsWith('"')) return undefined;
  const example = { text, operator: `${name}:` };
  if (userOperators.includes(name) && !/^\w{1,20}$/.test(value))
    return new Problem('rule-hint-user', example);
  if (name === 'lang' && !/^[a-z]{2,3}([-_][a-z]{2,8})?$/i.test(value))
    return new Problem('rule-hint-lang', example);
  const known = values[name];
  if (!known || known.includes(value.toLowerCase())) return undefined;
  return new Problem('rule-hint-value', {
    text,
    known: known
      .slice(0, 8)
      .map((one) => `${name}:${one}`)
      .join(', '),
  });
}

/** Whether one inserted, missing, wrong or swapped letter makes one name the other. */
function isOneEditAway(one: string, other: string): boolean {
  if (one.length < 3 || Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  const [rest, wanted] = [one.slice(start), other.slice(start)];
  return (
    rest.slice(1) === wanted.slice(1) ||
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    (rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2))
  );
}
