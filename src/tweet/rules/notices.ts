import { exactId, firstIdOf, type IdName, idOf, ownId, userId } from '../ids';
import { type JsonObject, objectAt, stringAt } from '../json-object';
import { type Classified, classifiedAs, type Kind } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { timeIn } from '../time';
import { likedPost } from './v2-post';

/** The member of a notice that holds its subject: a post (v1.1 status; v2 tweet or post), a message or a user. */
const subjectNames = ['status', 'tweet', 'post', 'direct_message', 'user'] as const;

/** The id of the liked post in `favorite`. The v2 stream writes it as the like's `id`. */
const favoriteIds: readonly IdName[] = [
  { plain: 'tweet_id', twin: 'tweet_id_str' },
  { plain: 'status_id', twin: 'status_id_str' },
  { plain: 'post_id', twin: 'post_id_str' },
  ownId,
];

/** Events whose `target_object` is a post (the union of Twitter4J's and CoreTweet's event codes). */
const postEvents = new Set([
  'favorite',
  'unfavorite',
  'favorited_retweet',
  'retweet',
  'retweeted_retweet',
  'quoted_tweet',
]);

/**
 * The result for a notice about a post, message, like or user: the id of its subject and the notice's own time.
 * The time is never derived from the id, which gives the time of the post.
 *
 * @param name the member of `message` that holds the notice
 * @param path the path of `message`
 */
export function noticeResult(kind: Kind, message: JsonObject, name: string, path: RawPath): Classified {
  const body = objectAt(message, name);
  const key = body ? subjectId(body, memberPath(path, name)) : undefined;
  return classifiedAs(kind, key, timeIn(body, message));
}

/** The result for a notice about the stream itself: it may have a time, but never a key. */
export function streamNoticeResult(kind: Kind, message: JsonObject, name: string): Classified {
  return classifiedAs(kind, undefined, timeIn(objectAt(message, name), message));
}

/** The result for `{"event": name, "source": …, "target": …, "target_object": …, "created_at": …}`. */
export function userEventResult(message: JsonObject, path: RawPath): Classified {
  const name = postEvents.has(stringAt(message, 'event') ?? '') ? 'target_object' : 'target';
  const subject = objectAt(message, name);
  const key = subject
    ? idOf(subject, ownId, memberPath(path, name))
    : // The target of user_delete and user_suspend is a bare id.
      exactId(message[name], path, name);
  return classifiedAs('event', key, timeIn(message));
}

function subjectId(body: JsonObject, path: RawPath): string | undefined {
  for (const name of subjectNames) {
    const subject = objectAt(body, name);
    if (subject) return idOf(subject, ownId, memberPath(path, name));
  }
  const favorite = objectAt(body, 'favorite');
  if (favorite) return firstIdOf(favorite, favoriteIds, memberPath(path, 'favorite'));
  // X's own simulator (xdevplatform/playground) writes it as the likes firehose does: `id` is the like's.
  const like = objectAt(body, 'like');
  if (like) return likedPost(like, memberPath(path, 'like'))?.id;
  return firstIdOf(body, [ownId, userId], path);
}
