import { classifyActivity, isActivity } from './activity';
import { child, type Fields, fieldsOf, has, isPresent } from './fields';
import { type Source, within } from './identity';
import { answer, type Classification, classified, type Kind } from './kinds';
import { notice } from './notices';
import { timeIn } from './time';
import { likedPost, postAnswer, repostBy } from './v2-post';

/** Compliance notices that have an output of their own. */
const NOTICES: readonly (readonly [string, Kind])[] = [
  ['delete', 'delete'],
  ['scrub_geo', 'scrub_geo'],
  ['withheld', 'withheld'],
  ['user_withheld', 'withheld'],
];

/** Other notices of the compliance and label streams, by how their name begins. New ones come at any time. */
const EVENT_NAMES = ['drop', 'undrop', 'tweet_edit', 'post_edit', 'user_', 'public_tweet_', 'public_post_'];

/** Members that a v2 post without text may have, and no other object with an id has. */
const POST_MEMBERS = ['author_id', 'edit_history_tweet_ids', 'edit_history_post_ids'] as const;

/**
 * Tells v2 messages apart, `{"data": {…}, …}`: posts, compliance, label, likes and activity
 * streams. `errors` beside `data` only say that a part of the post could not be had.
 *
 * @returns the answer, or undefined for what is no v2 message
 */
export function classifyV2(message: Fields, source: Source): Classification | undefined {
  const data = fieldsOf(message.data);
  if (!data) return undefined;
  // First posts, then notices: `withheld` is a notice alone and a property in a post.
  if (typeof data.text === 'string' && isPost(data)) return post(data, source);
  const inside = within(source, 'data');
  if (isActivity(data)) return classifyActivity(data, inside);
  const like = likedPost(data, inside);
  if (like) return classified('v2-key', like.name, answer('event', like.id, timeIn(data)));
  if (POST_MEMBERS.some((name) => has(data, name)) && isPost(data)) return post(data, source);
  for (const [name, kind] of NOTICES) {
    if (child(data, name)) return classified('v2-key', name, notice(kind, data, name, inside));
  }
  for (const name of Object.keys(data)) {
    if (!isEventName(name) || !child(data, name)) continue;
    return classified('v2-key', name, notice('event', data, name, inside));
  }
  return undefined;
}

function post(data: Fields, source: Source): Classification {
  const references = repostBy(data);
  return references === undefined
    ? classified('v2-post', 'data', postAnswer('tweet', data, source, 'data'))
    : classified('v2-retweet', references, postAnswer('retweet', data, source, 'data'));
}

/** For data that has the text of a post, or one of its other members. */
function isPost(data: Fields): boolean {
  return isPresent(data.id) && !isPresent(data.dm_conversation_id);
}

function isEventName(name: string): boolean {
  return EVENT_NAMES.some((begin) => (begin.endsWith('_') ? name.startsWith(begin) : name === begin));
}
