import { child, type Fields, has, isFields, present, text } from './fields';
import { ID, idOf, type Source, within } from './identity';
import { answer, type Classified, type Kind } from './kinds';
import { notice, streamNotice, userEvent } from './notices';
import { snowflakeTime, timeIn, timeUnder } from './time';

/** Notices about a post or user, by the one top-level key that makes them out. */
const NOTICES: readonly (readonly [string, Kind])[] = [
  ['delete', 'delete'],
  ['scrub_geo', 'scrub_geo'],
  ['status_withheld', 'withheld'],
  ['user_withheld', 'withheld'],
];

/** Notices about the stream itself. */
const STREAM_NOTICES: readonly (readonly [string, Kind])[] = [
  ['limit', 'limit'],
  ['disconnect', 'disconnect'],
  ['warning', 'warning'],
  ['friends', 'friends'],
  ['friends_str', 'friends'],
];

/** Notices of the compliance firehose and of user streams that have no output of their own. */
const EVENTS = [
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
 * Tells v1.1 messages apart, of all years and of the enterprise streams in native format.
 * Only the top level counts: an event carries whole posts inside.
 *
 * @returns the answer, or undefined for what is no v1.1 message
 */
export function classifyV1(message: Fields, source: Source): Classified | undefined {
  for (const [name, kind] of NOTICES) if (has(message, name)) return notice(kind, message, name, source);
  for (const [name, kind] of STREAM_NOTICES) if (has(message, name)) return streamNotice(kind, message, name);
  if (has(message, 'direct_message')) return directMessage(message, source);
  if (has(message, 'event')) return userEvent(message, source);
  if (isPost(message)) {
    return dated(child(message, 'retweeted_status') ? 'retweet' : 'tweet', message, source);
  }
  if (isBareDirectMessage(message)) return dated('direct_message', message, source);
  for (const name of EVENTS) if (has(message, name)) return notice('event', message, name, source);
  if (has(message, 'control')) return streamNotice('event', message, 'control');
  if (has(message, 'info')) return streamNotice('event', message, 'info');
  // Powerstream's first line; its messages are v1.1 posts.
  if (present(message, 'type') === 'connection_metadata') {
    return answer('event', undefined, timeUnder(message, ['timestamp']));
  }
  return undefined;
}

/**
 * Posts of all years have text and an author or the key of the post replied to (1,205 of 1,205
 * recorded ones); `id_str` and the counts came later, `text` is `full_text` in extended mode.
 */
function isPost(message: Fields): boolean {
  if (text(message, 'text') === undefined && text(message, 'full_text') === undefined) return false;
  return isFields(present(message, 'user')) || Object.hasOwn(message, 'in_reply_to_status_id');
}

/** The oldest form of a direct message came without an envelope. */
function isBareDirectMessage(message: Fields): boolean {
  return text(message, 'text') !== undefined && (has(message, 'sender') || has(message, 'sender_id'));
}

function directMessage(message: Fields, source: Source): Classified {
  const body = child(message, 'direct_message');
  if (!body) return answer('direct_message', undefined, timeIn(message));
  return dated('direct_message', body, within(source, 'direct_message'));
}

function dated(kind: Kind, message: Fields, source: Source): Classified {
  const key = idOf(message, ID, source);
  return answer(kind, key, timeIn(message) ?? snowflakeTime(key));
}
