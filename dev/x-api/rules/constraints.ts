import type { Random } from '../generator/random';
import type { Node, Term } from './syntax';

export type PostKind = 'original' | 'reply' | 'quote' | 'retweet';
export type Feature = 'links' | 'media' | 'images' | 'videos' | 'hashtags' | 'mentions' | 'cashtags' | 'geo';

/** What a post must contain so that a rule matches it. */
export interface PostConstraints {
  /** Words and phrases in the text. */
  words: string[];
  hashtags: string[];
  mentions: string[];
  cashtags: string[];
  from?: string;
  to?: string;
  language?: string;
  kinds: Set<PostKind>;
  features: Set<Feature>;
  not: { languages: Set<string>; kinds: Set<PostKind>; features: Set<Feature> };
}

export function noConstraints(): PostConstraints {
  return {
    words: [],
    hashtags: [],
    mentions: [],
    cashtags: [],
    kinds: new Set(),
    features: new Set(),
    not: { languages: new Set(), kinds: new Set(), features: new Set() },
  };
}

/** Constraints that satisfy a rule; picks alternatives of OR at random. */
export function constraintsFor(rule: Node, random: Random): PostConstraints {
  const constraints = noConstraints();
  collect(rule, random, constraints);
  return constraints;
}

function collect(node: Node, random: Random, constraints: PostConstraints): void {
  if (node.type === 'and') for (const part of node.parts) collect(part, random, constraints);
  else if (node.type === 'or') collect(random.pick(node.parts), random, constraints);
  else if (node.type === 'not') exclude(node.part, constraints);
  else include(node, constraints);
}

function include({ operator, value }: Term, constraints: PostConstraints): void {
  if (operator === 'keyword') constraints.words.push(value);
  else if (operator === 'hashtag') constraints.hashtags.push(value);
  else if (operator === 'mention') constraints.mentions.push(value);
  else if (operator === 'cashtag') constraints.cashtags.push(value);
  else if (operator === 'from') constraints.from = value;
  else if (operator === 'to') constraints.to = value;
  else if (operator === 'lang') constraints.language = value;
  else if (operator === 'is') constraints.kinds.add(value as PostKind);
  else constraints.features.add(value as Feature);
}

/** Ignores negated words, hashtags and names: they hardly ever occur by chance. */
function exclude({ operator, value }: Term, constraints: PostConstraints): void {
  if (operator === 'lang') constraints.not.languages.add(value);
  else if (operator === 'is') constraints.not.kinds.add(value as PostKind);
  else if (operator === 'has') constraints.not.features.add(value as Feature);
}
