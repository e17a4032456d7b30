import { child, type Fields, text } from './fields';
import { exactId, firstIdOf, ID, type IdName, idOf, type Source, USER_ID, within } from './identity';
import { answer, type Classified, type Kind } from './kinds';
import { timeIn } from './time';
import { likedPost } from './v2-post';

/** What a notice names the thing it is about: a post (v1.1 status; v2 tweet or post), a message, a like, a user. */
const SUBJECTS = ['status', 'tweet', 'post', 'direct_message', 'user'] as const;

/** Under these names a like in `favorite` gives the post that was liked; the v2 stream writes it as the like's `id`. */
const FAVORITE: readonly IdName[] = [
  { plain: 'tweet_id', twin: 'tweet_id_str' },
  { plain: 'status_id', twin: 'status_id_str' },
  { plain: 'post_id', twin: 'post_id_str' },
  ID,
];

/** Events whose `target_object` is a post (the union of Twitter4J's and CoreTweet's event codes). */
const POST_EVENTS = new Set([
  'favorite',
  'unfavorite',
  'favorited_retweet',
  'retweet',
  'retweeted_retweet',
  'quoted_tweet',
]);

/**
 * Answers for a notice that lies under `name` in `message`: the id of what it is about and the
 * time it gives for itself. A time is never taken from that id: it is the post's, not the notice's.
 *
 * @param source leads to `message`
 */
export function notice(kind: Kind, message: Fields, name: string, source: Source): Classified {
  const body = child(message, name);
  const key = body ? subjectId(body, within(source, name)) : undefined;
  return answer(kind, key, timeIn(body, message));
}

/** A notice about the stream itself: it has a time, but nobody whose id could be its key. */
export function streamNotice(kind: Kind, message: Fields, name: string): Classified {
  return answer(kind, undefined, timeIn(child(message, name), message));
}

/** Answers for `{"event": name, "source": …, "target": …, "target_object": …, "created_at": …}`. */
export function userEvent(message: Fields, source: Source): Classified {
  const about = POST_EVENTS.has(text(message, 'event') ?? '') ? 'target_object' : 'target';
  const subject = child(message, about);
  const key = subject
    ? idOf(subject, ID, within(source, about))
    : // For user_delete and user_suspend the target is the bare id.
      exactId(message[about], source, about);
  return answer('event', key, timeIn(message));
}

function subjectId(body: Fields, source: Source): string | undefined {
  for (const name of SUBJECTS) {
    const subject = child(body, name);
    if (subject) return idOf(subject, ID, within(source, name));
  }
  const favorite = child(body, 'favorite');
  if (favorite) return firstIdOf(favorite, FAVORITE, within(source, 'favorite'));
  // X's own simulator (xdevplatform/playground) writes it as the likes firehose does: `id` is the like's.
  const like = child(body, 'like');
  if (like) return likedPost(like, within(source, 'like'))?.id;
  return firstIdOf(body, [ID, USER_ID], source);
}
