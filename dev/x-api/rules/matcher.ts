import type { FullPost, Post } from '../generator/types';
import type { Node, Term } from './syntax';
import { searchable } from './words';

/** What the operators look at in a post, prepared once for all rules. */
export interface Subject {
  texts: string[];
  hashtags: Set<string>;
  mentions: Set<string>;
  cashtags: Set<string>;
  author: Set<string>;
  repliedTo: Set<string>;
  language: string;
  is: Set<string>;
  has: Set<string>;
}

const kinds = { retweeted: 'retweet', replied_to: 'reply', quoted: 'quote' } as const;

/** Operators match the original of a retweet; words and hashtags match a quote and the quoted post. */
export function subjectOf({ data, includes }: FullPost): Subject {
  const references = data.referenced_tweets ?? [];
  const referenced = (type: string) => {
    const ids = references.filter((reference) => reference.type === type).map((reference) => reference.id);
    return includes.tweets.filter((post) => ids.includes(post.id));
  };
  const originals = referenced('retweeted');
  const own = [data, ...originals];
  const textPosts = [...own, ...referenced('quoted')];
  const entities = (posts: Post[]) =>
    posts.flatMap((post) => [post.entities ?? {}, post.note_tweet?.entities ?? {}]);
  const mentioned = entities(textPosts).flatMap((entity) => entity.mentions ?? []);
  return {
    texts: textPosts.flatMap((post) => [post.text, post.note_tweet?.text ?? '']).map(plainWords),
    hashtags: lowered(
      entities(textPosts).flatMap((entity) => (entity.hashtags ?? []).map((hashtag) => hashtag.tag)),
    ),
    mentions: lowered(mentioned.map((mention) => mention.username)),
    cashtags: lowered(
      entities(textPosts).flatMap((entity) => (entity.cashtags ?? []).map((cashtag) => cashtag.tag)),
    ),
    author: namesOf(includes, data.author_id),
    repliedTo: data.in_reply_to_user_id ? namesOf(includes, data.in_reply_to_user_id) : new Set(),
    language: data.lang,
    is: new Set(references.map((reference) => kinds[reference.type])),
    has: new Set(own.flatMap((post) => features(post, includes))),
  };
}

function features(post: Post, includes: FullPost['includes']): string[] {
  const keys = post.attachments?.media_keys ?? [];
  const types = includes.media.filter((item) => keys.includes(item.media_key)).map((item) => item.type);
  const found = (name: string, is: unknown) => (is ? [name] : []);
  return [post.entities ?? {}, post.note_tweet?.entities ?? {}]
    .flatMap((entities) => [
      ...found('links', entities.urls),
      ...found('hashtags', entities.hashtags),
      ...found('mentions', entities.mentions),
      ...found('cashtags', entities.cashtags),
    ])
    .concat(
      found('media', keys.length > 0),
      found('images', types.includes('photo')),
      found('videos', types.includes('video')),
      found('geo', post.geo),
    );
}

/** Whether a post satisfies a rule. */
export function matches(rule: Node, subject: Subject): boolean {
  if (rule.type === 'and') return rule.parts.every((part) => matches(part, subject));
  if (rule.type === 'or') return rule.parts.some((part) => matches(part, subject));
  if (rule.type === 'not') return !matchesTerm(rule.part, subject);
  return matchesTerm(rule, subject);
}

function matchesTerm({ operator, value }: Term, subject: Subject): boolean {
  const lower = value.normalize('NFC').toLowerCase();
  switch (operator) {
    case 'keyword':
      return subject.texts.some((text) => text.includes(searchable(value)));
    case 'hashtag':
      return subject.hashtags.has(lower);
    case 'mention':
      return subject.mentions.has(lower);
    case 'cashtag':
      return subject.cashtags.has(lower);
    case 'from':
      return subject.author.has(lower);
    case 'to':
      return subject.repliedTo.has(lower);
    case 'lang':
      return subject.language === lower;
    case 'is':
      return subject.is.has(lower);
    case 'has':
      return subject.has.has(lower);
  }
}

/** Removes X's short links and escapes, which are not words. */
const plainWords = (text: string) => searchable(text.replace(/https:\/\/t\.co\/\w+|&(lt|gt|amp);/g, ' '));

const lowered = (values: string[]) => new Set(values.map((value) => value.normalize('NFC').toLowerCase()));

function namesOf({ users }: FullPost['includes'], id: string): Set<string> {
  return lowered([id, ...users.filter((user) => user.id === id).map((user) => user.username)]);
}
