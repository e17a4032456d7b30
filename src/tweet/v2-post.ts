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

/** The name of the list of references by which a post repeats another one; only they tell, not its text. */
export function repostBy(fields: Fields): string | undefined {
  return REFERENCES.find((name) => {
    const references = present(fields, name);
    return Array.isArray(references) && references.some(isRetweeted);
  });
}

/** The post that a like is about, and the name that tells it; undefined for what is no like. */
export function likedPost(fields: Fields, source: Source): { name: string; id?: string } | undefined {
  for (const name of LIKED_POST) {
    if (has(fields, name.plain)) return { name: name.plain, id: idOf(fields, name, source) };
  }
  return undefined;
}

/** Answers for a post, which lies in `data` or in an activity's payload. */
export function postAnswer(kind: Kind, fields: Fields, source: Source): Classified {
  const key = idOf(fields, ID, source);
  return answer(kind, key, timeIn(fields) ?? snowflakeTime(key));
}

function isRetweeted(reference: unknown): boolean {
  return isFields(reference) && present(reference, 'type') === 'retweeted';
}
