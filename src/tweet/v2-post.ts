import { type Fields, fieldsOf, isPresent } from './fields';
import { ID, type IdName, idOf, isId, type Source, within } from './identity';
import { answer, type Classified, type Kind } from './kinds';
import { snowflakeTime, timeIn } from './time';

/** A like's names for the post that was liked (OpenAPI 2.158 and 2.167). */
const LIKED_TWEET: IdName = { plain: 'liked_tweet_id', twin: 'liked_tweet_id_str' };
const LIKED_POST: IdName = { plain: 'liked_post_id', twin: 'liked_post_id_str' };

/**
 * The name of the list of references by which a post repeats another one (OpenAPI 2.167 has renamed it);
 * only they tell, not its text.
 */
export function repostBy(fields: Fields): string | undefined {
  if (hasRetweeted(fields.referenced_tweets)) return 'referenced_tweets';
  return hasRetweeted(fields.referenced_posts) ? 'referenced_posts' : undefined;
}

/** The post that a like is about, and the name that tells it; undefined for what is no like. */
export function likedPost(fields: Fields, source: Source): { name: string; id?: string } | undefined {
  const name = isPresent(fields.liked_tweet_id) ? LIKED_TWEET : LIKED_POST;
  return isPresent(fields[name.plain]) ? { name: name.plain, id: idOf(fields, name, source) } : undefined;
}

/**
 * Answers for a post.
 *
 * @param source leads to what it lies in
 * @param name under which it lies there: `data`, or an activity's `payload`
 */
export function postAnswer(kind: Kind, fields: Fields, source: Source, name: string): Classified {
  // Text alone, in nearly all of them.
  const key = isId(fields.id) ? fields.id : idOf(fields, ID, within(source, name));
  return answer(kind, key, timeIn(fields) ?? snowflakeTime(key));
}

function hasRetweeted(references: unknown): boolean {
  if (!Array.isArray(references)) return false;
  for (const reference of references) if (fieldsOf(reference)?.type === 'retweeted') return true;
  return false;
}
