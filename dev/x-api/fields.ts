import type { FullPost, Includes } from './generator/types';
import type { Selection } from './query';

export interface MatchingRule {
  id: string;
  tag: string;
}

/** The line of a post for one request: only the fields and objects it asked for. */
export function lineOf(post: FullPost, selection: Selection, matching: MatchingRule[]): string {
  const envelope: Record<string, unknown> = { data: only(post.data, selection.tweet) };
  const includes = included(post, selection);
  if (Object.keys(includes).length > 0) envelope.includes = includes;
  const errors = post.errors.filter((error) => selection.expansions.has(error.parameter));
  if (errors.length > 0) envelope.errors = errors;
  envelope.matching_rules = matching;
  return JSON.stringify(envelope);
}

function only(object: object, fields: ReadonlySet<string>): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => fields.has(name)));
}

function included(
  { data, includes }: FullPost,
  selection: Selection,
): Partial<Record<keyof Includes, object[]>> {
  const asked = (expansion: string) => selection.expansions.has(expansion);
  const referenced = data.referenced_tweets?.map((reference) => reference.id) ?? [];
  const tweets = includes.tweets.filter((post) => referenced.includes(post.id));
  const people = new Set<string | undefined>();
  if (asked('author_id')) people.add(data.author_id);
  if (asked('in_reply_to_user_id')) people.add(data.in_reply_to_user_id);
  if (asked('referenced_tweets.id.author_id')) for (const post of tweets) people.add(post.author_id);
  const mentions = [
    ...(asked('entities.mentions.username') ? (data.entities?.mentions ?? []) : []),
    ...(asked('entities.note.mentions.username') ? (data.note_tweet?.entities?.mentions ?? []) : []),
  ];
  for (const mention of mentions) people.add(mention.id);
  const keys = new Set([
    ...(asked('attachments.media_keys') ? (data.attachments?.media_keys ?? []) : []),
    ...(asked('referenced_tweets.id.attachments.media_keys')
      ? tweets.flatMap((post) => post.attachments?.media_keys ?? [])
      : []),
  ]);

  const result: Partial<Record<keyof Includes, object[]>> = {};
  const put = (name: keyof Includes, objects: object[], fields: ReadonlySet<string>) => {
    if (objects.length > 0) result[name] = objects.map((object) => only(object, fields));
  };
  put(
    'users',
    includes.users.filter((user) => people.has(user.id)),
    selection.user,
  );
  if (asked('referenced_tweets.id') || asked('referenced_tweets.id.author_id'))
    put('tweets', tweets, selection.tweet);
  put(
    'media',
    includes.media.filter((item) => keys.has(item.media_key)),
    selection.media,
  );
  if (asked('attachments.poll_ids')) put('polls', includes.polls, selection.poll);
  if (asked('geo.place_id')) put('places', includes.places, selection.place);
  return result;
}
