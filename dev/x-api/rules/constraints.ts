import type { Random } from '../generator/random';
import type { Node, Term } from './syntax';

export type PostKind = 'original' | 'reply' | 'quote' | 'retweet';
export type Feature = 'links' | 'media' | 'images' | 'videos' | 'hashtags' | 'mentions' | 'geo';

/** What a post must be like so that a rule matches it. */
export interface Wish {
  /** Words and phrases to say. */
  words: string[];
  hashtags: string[];
  mentions: string[];
  from?: string;
  to?: string;
  language?: string;
  kinds: Set<PostKind>;
  features: Set<Feature>;
  not: { languages: Set<string>; kinds: Set<PostKind>; features: Set<Feature> };
}

export function noWish(): Wish {
  return {
    words: [],
    hashtags: [],
    mentions: [],
    kinds: new Set(),
    features: new Set(),
    not: { languages: new Set(), kinds: new Set(), features: new Set() },
  };
}

/** One way, of the many that OR leaves open, to satisfy a rule. */
export function wishFor(rule: Node, random: Random): Wish {
  const wish = noWish();
  collect(rule, random, wish);
  return wish;
}

function collect(node: Node, random: Random, wish: Wish): void {
  if (node.type === 'and') for (const part of node.parts) collect(part, random, wish);
  else if (node.type === 'or') collect(random.pick(node.parts), random, wish);
  else if (node.type === 'not') avoid(node.part, wish);
  else ask(node, wish);
}

function ask({ operator, value }: Term, wish: Wish): void {
  if (operator === 'keyword') wish.words.push(value);
  else if (operator === 'hashtag') wish.hashtags.push(value);
  else if (operator === 'mention') wish.mentions.push(value);
  else if (operator === 'from') wish.from = value;
  else if (operator === 'to') wish.to = value;
  else if (operator === 'lang') wish.language = value;
  else if (operator === 'is') wish.kinds.add(value as PostKind);
  else wish.features.add(value as Feature);
}

/** A word, tag or name that must not occur is left to chance: it hardly ever does. */
function avoid({ operator, value }: Term, wish: Wish): void {
  if (operator === 'lang') wish.not.languages.add(value);
  else if (operator === 'is') wish.not.kinds.add(value as PostKind);
  else if (operator === 'has') wish.not.features.add(value as Feature);
}
