import { type Fields, has, isFields, present } from './fields';
import { ID, type IdName, idOf, type Source } from './identity';
import { answer, type Classified, type Kind } from './kinds';
import { snowflakeTime, timeIn } from './time';

/** What lists the posts a post refers to; OpenAPI 2.167 has renamed it. */
const REFERENCES = ['referenced_tweets', 'referenced_posts'] as const;

/** A like's names for the post that was liked (OpenAPI 2.158 and 2.167). */
const LIKED_POST: readonly IdName[] = [
  { plain: 'liked_tweet_id', twin: 'liked_tweet_id_str' },
  { plain: 'liked_post_id', twin: 'liked_post_id_str' },
];

/** True for a post that repeats another one, by its references; only they tell, not its text. */
export function isRepost(fields: Fields): boolean {
  return REFERENCES.some((name) => {
    const references = present(fields, name);
    return Array.isArray(references) && references.some(isRetweeted);
  });
}

/** The post that a like is about. */
export function likedPost(fields: Fields, source: Source): { found: boolean; id?: string } {
  for (const name of LIKED_POST) {
    if (has(fields, name.plain)) return { found: true, id: idOf(fields, name, source) };
  }
  return { found: false };
}

/** Answers for a post, which lies in `data` or in an activity's payload. */
export function postAnswer(fields: Fields, source: Source, kind?: Kind): Classified {
  const key = idOf(fields, ID, source);
  return answer(kind ?? (isRepost(fields) ? 'retweet' : 'tweet'), key, timeIn(fields) ?? snowflakeTime(key));
}

function isRetweeted(reference: unknown): boolean {
  return isFields(reference) && present(reference, 'type') === 'retweeted';
}
