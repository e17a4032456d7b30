import type { Feature, PostConstraints } from '../rules/constraints';
import type { Language } from './language';
import { emoji, fancy } from './languages';
import { webLink } from './links';
import type { People } from './people';
import type { Random } from './random';
import { type Piece, plain } from './text';

/** Composes the text of a post in one language: what the constraints require, plus typical content. */
export function compose(
  random: Random,
  people: People,
  language: Language,
  constraints: PostConstraints,
): Piece[] {
  const wanted = random.chance(0.5) ? [...constraints.words] : [...constraints.words].reverse();
  const usual = (feature: Feature, share: number) =>
    !constraints.not.features.has(feature) && random.chance(share);
  const sentences = random.chance(0.06) ? random.int(9, 18) : random.int(1, 2);
  const pieces: Piece[] = [];

  for (let count = 0; count < sentences || wanted.length > 0; count++) {
    if (count > 0) pieces.push(plain(random.chance(0.2) ? '\n\n' : ' '));
    pieces.push(plain(`${random.pick(language.openers)}${language.gap}`));
    const word = wanted.shift();
    if (word !== undefined) pieces.push(plain(cased(random, word)));
    else pieces.push(topic(random, language, usual('hashtags', 0.1)));
    const end = random.pick(language.ends ?? ['.', '!', '', '...', '?']);
    pieces.push(plain(`${language.gap}${random.pick(language.closers)}${end}`));
    if (random.chance(0.35)) pieces.push(plain(` ${random.pick(emoji).repeat(random.pick([1, 1, 2, 3]))}`));
  }

  const add = (piece: Piece) => pieces.push(plain(' '), piece);
  if (random.chance(0.03)) add(plain(random.pick(fancy)));
  for (const name of constraints.mentions) add(mention(people, name));
  if (constraints.features.has('mentions') || usual('mentions', 0.1)) add(mention(people));
  for (const tag of constraints.hashtags) add({ kind: 'hashtag', tag: cased(random, tag) });
  if (constraints.features.has('hashtags') || usual('hashtags', 0.25))
    for (const tag of tagsOf(random, language)) add({ kind: 'hashtag', tag });
  for (const tag of constraints.cashtags) add({ kind: 'cashtag', tag: tag.toUpperCase() });
  if (constraints.features.has('cashtags')) add({ kind: 'cashtag', tag: random.pick(stocks) });
  if (constraints.features.has('links') || usual('links', 0.2)) add({ kind: 'link', link: webLink(random) });
  return pieces;
}

const stocks = ['TSLA', 'AAPL', 'MSFT', 'BTC'];

export function mention(people: People, name?: string): Piece {
  const { user } = name === undefined ? people.anyone() : people.named(name);
  return { kind: 'mention', username: user.username, id: user.id };
}

function topic(random: Random, language: Language, asHashtag: boolean): Piece {
  const text = random.pick(language.topics);
  // A hashtag needs spaces around it and contains none.
  if (asHashtag && language.gap === ' ' && !/[\s'’]/.test(text)) return { kind: 'hashtag', tag: text };
  if (!random.chance(0.3)) return plain(text);
  const type = random.pick(['Other', 'Place', 'Person', 'Product', 'Organization']);
  return { kind: 'named', text, type, probability: random.int(4000, 9990) / 10_000 };
}

/** Varies the case of a word; rules ignore case. */
function cased(random: Random, word: string): string {
  const [first = '', ...rest] = word;
  return random.pick([word, word, word, word.toUpperCase(), first.toUpperCase() + rest.join('')]);
}

function tagsOf(random: Random, language: Language): Set<string> {
  const count = random.skewed(1, 5);
  return new Set(Array.from({ length: count }, () => random.pick(language.topics).replace(/[\s'’]/g, '')));
}
