import { idOf, ownId } from '../ids';
import { has, isPresent, type JsonObject, objectAt } from '../json-object';
import { classifiedAs, type Kind } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { matched, type RuleMatch } from '../rule-match';
import { timeByName, timeIn } from '../time';
import { noticeResult, streamNoticeResult, userEventResult } from './notices';
import { directMessageResult } from './v1-posts';

/** Notices about a post or user, by their top-level key. */
const subjectNotices: readonly (readonly [string, Kind])[] = [
  ['delete', 'delete'],
  ['scrub_geo', 'scrub_geo'],
  ['status_withheld', 'withheld'],
  ['user_withheld', 'withheld'],
];

/** Notices about the stream itself, by their top-level key. */
const streamNotices: readonly (readonly [string, Kind])[] = [
  ['limit', 'limit'],
  ['disconnect', 'disconnect'],
  ['warning', 'warning'],
  ['friends', 'friends'],
  ['friends_str', 'friends'],
];

/** Notices of the compliance firehose and of user streams without an output of their own. */
const eventNotices = [
  'drop',
  'undrop',
  'tweet_edit',
  'user_update',
  'user_delete',
  'user_undelete',
  'user_protect',
  'user_unprotect',
  'user_suspend',
  'user_unsuspend',
] as const;

/**
 * Classifies v1.1 notices by their one top-level key: `{"delete": …}`, `{"limit": …}`, `{"event": …}`, ….
 *
 * @param path the path of `message`
 * @returns undefined if the message has none of these keys
 */
export function classifyV1Notice(message: JsonObject, path: RawPath): RuleMatch | undefined {
  if (!hasNoticeKey(message)) return undefined;
  for (const [name, kind] of subjectNotices) {
    if (has(message, name)) return matched('v1-key', name, noticeResult(kind, message, name, path));
  }
  for (const [name, kind] of streamNotices) {
    if (has(message, name)) return matched('v1-key', name, streamNoticeResult(kind, message, name));
  }
  return has(message, 'direct_message')
    ? matched('v1-key', 'direct_message', directMessageResult(message, path))
    : matched('v1-key', 'event', userEventResult(message, path));
}

/**
 * Fast path for posts, nearly all messages: a member access in the code is several times faster than one by a
 * name from a table.
 */
function hasNoticeKey(message: JsonObject): boolean {
  return isPresent(
    message.delete ??
      message.scrub_geo ??
      message.status_withheld ??
      message.user_withheld ??
      message.limit ??
      message.disconnect ??
      message.warning ??
      message.friends ??
      message.friends_str ??
      message.direct_message ??
      message.event,
  );
}

/**
 * Classifies the other v1.1 notices, all of them events. A post that has one of their keys stays a post: posts
 * come first.
 *
 * @param path the path of `message`
 * @returns undefined if the message is none of them
 */
export function classifyV1Event(message: JsonObject, path: RawPath): RuleMatch | undefined {
  for (const name of eventNotices) {
    if (has(message, name)) return matched('v1-key', name, noticeResult('event', message, name, path));
  }
  const likedPost = objectAt(message, 'favorited_status');
  if (likedPost) {
    const key = idOf(likedPost, ownId, memberPath(path, 'favorited_status'));
    return matched('v1-key', 'favorited_status', classifiedAs('event', key, timeIn(message)));
  }
  for (const name of ['control', 'info']) {
    if (has(message, name)) return matched('v1-key', name, streamNoticeResult('event', message, name));
  }
  // The first line of Powerstream, whose other messages are v1.1 posts.
  if (message.type === 'connection_metadata') {
    const time = timeByName(message, ['timestamp']);
    return matched('v1-metadata', 'type', classifiedAs('event', undefined, time));
  }
  return undefined;
}
