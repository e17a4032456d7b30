/** The syntax tree of a rule. */
export type Node =
  | Term
  | { type: 'and'; parts: Node[] }
  | { type: 'or'; parts: Node[] }
  | { type: 'not'; part: Term };

export interface Term {
  type: 'term';
  operator: Operator;
  value: string;
  /** Position in the rule, counted from 1 like X. */
  at: number;
}

export type Operator = 'keyword' | 'hashtag' | 'mention' | 'cashtag' | 'from' | 'to' | 'lang' | 'is' | 'has';

/** An invalid rule; `details` have X's wording where it is known. */
export class RuleError extends Error {
  constructor(readonly details: string[]) {
    super(details.join('; '));
  }
}

export const ruleError = (text: string, at: number) => new RuleError([`${text} (at position ${at})`]);

/** Operators that cannot stand alone: they would match too much. */
export const conjunctionRequired: ReadonlySet<Operator> = new Set(['lang', 'is', 'has']);

const isValues = new Set(['retweet', 'reply', 'quote', 'nullcast']);
const hasValues = new Set('cashtags geo hashtags images links media mentions videos'.split(' '));
const languages = new Set(
  (
    'am ar bg bn bo bs ca ckb cs cy da de dv el en es et eu fa fi fr gu he hi hi-latn hr ht hu hy id in is it ' +
    'iw ja ka km kn ko lo lt lv ml mr my ne nl no or pa pl ps pt ro ru sd si sk sl sr sv ta te th tl tr ug uk ' +
    'und ur vi zh zh-cn zh-tw'
  ).split(' '),
);

/** X's posts use another code of these languages. */
const olderCodes: Record<string, string> = { id: 'in', he: 'iw', 'zh-cn': 'zh', 'zh-tw': 'zh' };

/** The same by another name: the search's, and the filtered stream's. */
const otherNames: Record<string, string> = { video_link: 'videos' };

/** X's operators that the simulator does not implement; they get an error of their own. */
const notSimulated = new Set(
  (
    'bio bio_location bio_name bounding_box context conversation_id embedding embedding_threshold entity ' +
    'followers_count following_count from_affiliate_of in_reply_to_tweet_id is:verified list listed_count ' +
    'min_followers place place_country point_radius quotes_of_tweet_id retweets_of retweets_of_tweet_id sample ' +
    'source to_affiliate_of tweets_count url url_contains url_description url_title'
  ).split(' '),
);

export const notSimulatedError = (name: string, at: number) =>
  ruleError(`The operator '${name}' is not simulated here`, at);

/** Validates `operator:value` and returns its term. */
export function operatorTerm(name: string, value: string, at: number): Term {
  const operator = name.toLowerCase();
  if (notSimulated.has(operator)) throw notSimulatedError(name, at);
  if (!['from', 'to', 'lang', 'is', 'has'].includes(operator)) {
    throw new RuleError([
      `Reference to invalid operator '${name}' (at position ${at}).`,
      `Reference to invalid field '${name}' (at position ${at}).`,
    ]);
  }
  if (value === '') throw ruleError(`no viable alternative at input '${name}:'`, at);
  const lower = value.toLowerCase();
  if (notSimulated.has(`${operator}:${lower}`)) throw notSimulatedError(`${name}:${value}`, at);
  if (operator === 'from' || operator === 'to') {
    const user = value.replace(/^@/, '');
    if (!/^(\w{1,15}|\d{1,19})$/.test(user))
      throw ruleError(`Invalid username '${value}' for operator '${name}'`, at);
    return { type: 'term', operator, value: user, at };
  }
  if (operator === 'lang' && !languages.has(lower)) throw ruleError(`Invalid language '${value}'`, at);
  const meant = (operator === 'has' ? otherNames : olderCodes)[lower] ?? lower;
  if ((operator === 'is' && !isValues.has(lower)) || (operator === 'has' && !hasValues.has(meant)))
    throw ruleError(`Reference to invalid operator '${name}:${value}'.`, at);
  return { type: 'term', operator: operator as Operator, value: meant, at };
}
