import { type IdName, idOf, isId, ownId } from '../ids';
import { asObject, isPresent, type JsonObject } from '../json-object';
import { type Classified, classifiedAs, type Kind } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { snowflakeTime, timeIn } from '../time';

/** The id of the liked post in a like (OpenAPI 2.158 and 2.167). */
const likedTweetId: IdName = { plain: 'liked_tweet_id', twin: 'liked_tweet_id_str' };
const likedPostId: IdName = { plain: 'liked_post_id', twin: 'liked_post_id_str' };

/**
 * Checks whether a v2 post is a retweet. Its references decide, not its text.
 *
 * @returns the name of the list that has the retweeted post, old or new (OpenAPI 2.167); undefined for other posts
 */
export function retweetListName(post: JsonObject): string | undefined {
  if (hasRetweeted(post.referenced_tweets)) return 'referenced_tweets';
  return hasRetweeted(post.referenced_posts) ? 'referenced_posts' : undefined;
}

/**
 * Reads the id of the liked post.
 *
 * @param path the path of `like`
 * @returns the id and the name of its member; undefined if the object is not a like
 */
export function likedPost(like: JsonObject, path: RawPath): { name: string; id?: string } | undefined {
  const name = isPresent(like.liked_tweet_id) ? likedTweetId : likedPostId;
  return isPresent(like[name.plain]) ? { name: name.plain, id: idOf(like, name, path) } : undefined;
}

/**
 * The result for a v2 post.
 *
 * @param path the path of the enclosing object
 * @param name the member that holds the post: `data`, or `payload` of an activity
 */
export function postResult(kind: Kind, post: JsonObject, path: RawPath, name: string): Classified {
  // Fast path: the id is a string in nearly all posts, so the post's own path is not needed.
  const key = isId(post.id) ? post.id : idOf(post, ownId, memberPath(path, name));
  return classifiedAs(kind, key, timeIn(post) ?? snowflakeTime(key));
}

function hasRetweeted(references: unknown): boolean {
  if (!Array.isArray(references)) return false;
  for (const reference of references) if (asObject(reference)?.type === 'retweeted') return true;
  return false;
}
