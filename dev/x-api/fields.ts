import type { FullPost, Includes } from './generator/types';
import type { Selection } from './query';

export interface MatchingRule {
  id: string;
  tag: string;
}

/** Serializes a post for one request: only the requested fields and expansions. */
export function lineOf(post: FullPost, selection: Selection, matching: MatchingRule[]): string {
  return JSON.stringify({ ...envelopeOf(post, selection), matching_rules: matching });
}

/** A post with the requested fields and expansions. */
export interface Envelope {
  data: object;
  includes?: Partial<Record<keyof Includes, object[]>>;
  errors?: object[];
}

/** The requested fields and expansions of a post. */
export function envelopeOf(post: FullPost, selection: Selection): Envelope {
  const envelope: Envelope = { data: pickFields(post.data, selection.tweet) };
  const includes = includesFor(post, selection);
  if (Object.keys(includes).length > 0) envelope.includes = includes;
  const errors = post.errors.filter((error) => selection.expansions.has(error.parameter));
  if (errors.length > 0) envelope.errors = errors;
  return envelope;
}

function pickFields(object: object, fields: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => fields.has(name)));
}

function includesFor(
  { data, includes }: FullPost,
  selection: Selection,
): Partial<Record<keyof Includes, object[]>> {
  const requested = (expansion: string) => selection.expansions.has(expansion);
  const referenced = data.referenced_tweets?.map((reference) => reference.id) ?? [];
  const tweets = includes.tweets.filter((post) => referenced.includes(post.id));
  const people = new Set<string | undefined>();
  if (requested('author_id')) people.add(data.author_id);
  if (requested('in_reply_to_user_id')) people.add(data.in_reply_to_user_id);
  if (requested('referenced_tweets.id.author_id')) for (const post of tweets) people.add(post.author_id);
  const mentions = [
    ...(requested('entities.mentions.username') ? (data.entities?.mentions ?? []) : []),
    ...(requested('entities.note.mentions.username') ? (data.note_tweet?.entities?.mentions ?? []) : []),
  ];
  for (const mention of mentions) people.add(mention.id);
  const keys = new Set([
    ...(requested('attachments.media_keys') ? (data.attachments?.media_keys ?? []) : []),
    ...(requested('referenced_tweets.id.attachments.media_keys')
      ? tweets.flatMap((post) => post.attachments?.media_keys ?? [])
      : []),
  ]);

  const result: Partial<Record<keyof Includes, object[]>> = {};
  const add = (name: keyof Includes, objects: object[], fields: ReadonlySet<string>) => {
    if (objects.length > 0) result[name] = objects.map((object) => pickFields(object, fields));
  };
  add(
    'users',
    includes.users.filter((user) => people.has(user.id)),
    selection.user,
  );
  if (requested('referenced_tweets.id') || requested('referenced_tweets.id.author_id'))
    add('tweets', tweets, selection.tweet);
  add(
    'media',
    includes.media.filter((item) => keys.has(item.media_key)),
    selection.media,
  );
  if (requested('attachments.poll_ids')) add('polls', includes.polls, selection.poll);
  if (requested('geo.place_id')) add('places', includes.places, selection.place);
  return result;
}
