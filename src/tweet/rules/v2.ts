import { asObject, has, isPresent, type JsonObject, objectAt } from '../json-object';
import { classifiedAs, type Kind } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { matched, type RuleMatch } from '../rule-match';
import { timeIn } from '../time';
import { noticeResult } from './notices';
import { classifyActivity, isActivity } from './v2-activity';
import { likedPost, postResult, retweetListName } from './v2-post';

/** Compliance notices with an output of their own. */
const noticeKinds: readonly (readonly [string, Kind])[] = [
  ['delete', 'delete'],
  ['scrub_geo', 'scrub_geo'],
  ['withheld', 'withheld'],
  ['user_withheld', 'withheld'],
];

/** Other notices of the compliance and label streams: a name, or a prefix (ending in _), as X adds new ones. */
const eventNames = ['drop', 'undrop', 'tweet_edit', 'post_edit', 'user_', 'public_tweet_', 'public_post_'];

/** Members that identify a v2 post without text: no other object with an id has them. */
const postMembers = ['author_id', 'edit_history_tweet_ids', 'edit_history_post_ids'] as const;

/**
 * Classifies v2 messages, `{"data": {…}, …}`, in this order: posts, activities, likes, posts without text,
 * compliance and label notices. `errors` beside `data` do not matter: they concern missing parts of the post.
 *
 * @param path the path of `message`
 * @returns undefined if the message is not a v2 message
 */
export function classifyV2(message: JsonObject, path: RawPath): RuleMatch | undefined {
  const data = asObject(message.data);
  if (!data) return undefined;
  // Posts come before notices: `withheld` is a notice by itself, and also a property of a post.
  if (typeof data.text === 'string' && isPost(data)) return matchedPost(data, path);
  const dataPath = memberPath(path, 'data');
  if (isActivity(data)) return classifyActivity(data, dataPath);
  const like = likedPost(data, dataPath);
  if (like) return matched('v2-key', like.name, classifiedAs('event', like.id, timeIn(data)));
  if (postMembers.some((name) => has(data, name)) && isPost(data)) return matchedPost(data, path);
  for (const [name, kind] of noticeKinds) {
    if (objectAt(data, name)) return matched('v2-key', name, noticeResult(kind, data, name, dataPath));
  }
  for (const name of Object.keys(data)) {
    if (!isEventName(name) || !objectAt(data, name)) continue;
    return matched('v2-key', name, noticeResult('event', data, name, dataPath));
  }
  return undefined;
}

function matchedPost(data: JsonObject, path: RawPath): RuleMatch {
  const listName = retweetListName(data);
  return listName === undefined
    ? matched('v2-post', 'data', postResult('tweet', data, path, 'data'))
    : matched('v2-retweet', listName, postResult('retweet', data, path, 'data'));
}

/** Distinguishes a post from a direct message, for data that has text or another member of posts. */
function isPost(data: JsonObject): boolean {
  return isPresent(data.id) && !isPresent(data.dm_conversation_id);
}

function isEventName(name: string): boolean {
  return eventNames.some((known) => (known.endsWith('_') ? name.startsWith(known) : name === known));
}
