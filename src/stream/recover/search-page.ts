/** Posts of one page of search results with what they refer to, as X sent them. */
export interface SearchPage {
  posts: Post[];
  includes: Record<string, Item[]>;
  errors: Item[];
  /** Of the next page, which has older posts. */
  nextToken?: string;
}

export interface Post extends Item {
  id: string;
}

type Item = Record<string, unknown>;

/**
 * Reads the body of an answer of search. Posts without a decimal id are left out.
 * @returns undefined where it is not an answer of search
 */
export function readPage(body: unknown): SearchPage | undefined {
  const { data, includes, errors, meta } = Object(body) as Record<string, unknown>;
  if (!Array.isArray(data) && typeof meta !== 'object') return undefined;
  const { next_token: nextToken } = Object(meta) as { next_token?: unknown };
  const lists = Object.entries(Object(includes)).map(([name, list]) => [name, itemsIn(list)]);
  return {
    posts: itemsIn(data).filter((post): post is Post => typeof post.id === 'string' && /^\d+$/.test(post.id)),
    includes: Object.fromEntries(lists),
    errors: itemsIn(errors),
    nextToken: typeof nextToken === 'string' && nextToken !== '' ? nextToken : undefined,
  };
}

/**
 * A post in the shape of a line of the filtered stream.
 * @param page has the objects that the post refers to; only these are in the line
 */
export function lineOf(
  post: Post,
  { includes, errors }: Pick<SearchPage, 'includes' | 'errors'>,
  matchingRules: Array<{ id: string; tag: string }>,
): Buffer {
  const { included, ids } = referencedBy(post, includes);
  const ownErrors = errors.filter(({ resource_id: resource, value }) =>
    [resource, value].some((id) => typeof id === 'string' && ids.has(id)),
  );
  const line = {
    data: post,
    ...(Object.keys(included).length > 0 && { includes: included }),
    ...(ownErrors.length > 0 && { errors: ownErrors }),
    matching_rules: matchingRules,
  };
  return Buffer.from(JSON.stringify(line));
}

function referencedBy(
  post: Post,
  includes: Record<string, Item[]>,
): { included: Record<string, Item[]>; ids: Set<string> } {
  const ids = new Set([post.id, ...postsIn(post), ...objectsIn(post), ...mentionsIn(post)]);
  const posts = [...(includes.tweets ?? []), ...(includes.posts ?? [])];
  // X expands the authors and media of referenced posts, but not what these refer to.
  for (const referenced of posts.filter(({ id }) => ids.has(String(id)))) {
    for (const id of objectsIn(referenced)) ids.add(id);
  }
  const included: Record<string, Item[]> = {};
  for (const [name, list] of Object.entries(includes)) {
    const own = list.filter((item) =>
      [item.id, item.media_key, name === 'users' ? item.username : undefined].some(
        (id) => typeof id === 'string' && ids.has(id),
      ),
    );
    if (own.length > 0) included[name] = own;
  }
  return { included, ids };
}

/** Ids of referenced posts. X is renaming tweets to posts. */
function postsIn(post: Item): string[] {
  const references = [post.referenced_tweets, post.referenced_posts].flatMap(itemsIn);
  const attachments = Object(post.attachments) as Item;
  return [
    ...references.map(({ id }) => id),
    ...listIn(post.edit_history_tweet_ids),
    ...listIn(post.edit_history_post_ids),
    ...listIn(attachments.media_source_tweet_id),
  ].filter(isString);
}

/** Ids of the author and of media, polls and places. */
function objectsIn(post: Item): string[] {
  const { media_keys: media, poll_ids: polls } = Object(post.attachments) as Item;
  const { cover_media: cover, media_entities: entities } = Object(post.article) as Item;
  const { place_id: place } = Object(post.geo) as Item;
  const single = [post.author_id, post.in_reply_to_user_id, cover, place];
  return [...single, ...[media, polls, entities].flatMap(listIn)].filter(isString);
}

/** Ids and names of mentioned users. */
function mentionsIn(post: Item): string[] {
  const notes = [post.note_tweet, post.note_post].map((note) => (Object(note) as Item).entities);
  return [post.entities, ...notes]
    .flatMap((entities) => itemsIn((Object(entities) as Item).mentions))
    .flatMap(({ id, username }) => [id, username])
    .filter(isString);
}

const itemsIn = (list: unknown): Item[] =>
  listIn(list).filter((item): item is Item => typeof item === 'object' && item !== null);

const listIn = (list: unknown): unknown[] => (Array.isArray(list) ? list : []);

const isString = (value: unknown): value is string => typeof value === 'string';
