import { child, type Fields, fieldsOf, has, isPresent } from './fields';
import { ID, idOf, isId, type Source, within } from './identity';
import { answer, type Classification, type Classified, classified, type Kind } from './kinds';
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
export function classifyV1(message: Fields, source: Source): Classification | undefined {
  return (
    (hasNotice(message) ? classifyNotice(message, source) : undefined) ??
    post(message, source) ??
    bareDirectMessage(message, source) ??
    partialPost(message, source) ??
    minorNotice(message, source)
  );
}

/**
 * Whether {@link classifyNotice} can find anything. Nearly all messages are posts, and a name that is
 * written out is looked up several times faster than one from a table.
 */
function hasNotice(message: Fields): boolean {
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

function classifyNotice(message: Fields, source: Source): Classification | undefined {
  for (const [name, kind] of NOTICES) {
    if (has(message, name)) return classified('v1-key', name, notice(kind, message, name, source));
  }
  for (const [name, kind] of STREAM_NOTICES) {
    if (has(message, name)) return classified('v1-key', name, streamNotice(kind, message, name));
  }
  if (has(message, 'direct_message')) {
    return classified('v1-key', 'direct_message', directMessage(message, source));
  }
  return has(message, 'event') ? classified('v1-key', 'event', userEvent(message, source)) : undefined;
}

/**
 * Posts of all years have text and an author or the key of the post replied to (1,205 of 1,205
 * recorded ones); `id_str` and the counts came later, `text` is `full_text` in extended mode.
 */
function post(message: Fields, source: Source): Classification | undefined {
  const by = typeof message.text === 'string' ? 'text' : 'full_text';
  if (by === 'full_text' && typeof message.full_text !== 'string') return undefined;
  // The key alone counts: it is null in what is no reply.
  if (!fieldsOf(message.user) && message.in_reply_to_status_id === undefined) return undefined;
  return fieldsOf(message.retweeted_status)
    ? classified('v1-retweet', 'retweeted_status', dated('retweet', message, source))
    : classified('v1-post', by, dated('tweet', message, source));
}

/** The oldest form of a direct message came without an envelope. */
function bareDirectMessage(message: Fields, source: Source): Classification | undefined {
  if (typeof message.text !== 'string') return undefined;
  const by = has(message, 'sender') ? 'sender' : 'sender_id';
  return has(message, by)
    ? classified('v1-message', by, dated('direct_message', message, source))
    : undefined;
}

/**
 * X's pages and people's own samples show posts of which the text or the author is left out ("Edit Posts",
 * enterprise-gnip-2.0). Text alone is anybody's, but these other keys are X's words.
 */
function partialPost(message: Fields, source: Source): Classification | undefined {
  if (fieldsOf(message.retweeted_status)) {
    return classified('v1-retweet', 'retweeted_status', dated('retweet', message, source));
  }
  if (message.in_reply_to_status_id !== undefined) {
    return classified('v1-partial', 'in_reply_to_status_id', dated('tweet', message, source));
  }
  if (!isId(message.id_str) || !hasText(message)) return undefined;
  return classified('v1-partial', 'id_str', dated('tweet', message, source));
}

const hasText = ({ text, full_text }: Fields): boolean =>
  typeof text === 'string' || typeof full_text === 'string';

function minorNotice(message: Fields, source: Source): Classification | undefined {
  for (const name of EVENTS) {
    if (has(message, name)) return classified('v1-key', name, notice('event', message, name, source));
  }
  const liked = child(message, 'favorited_status');
  if (liked) {
    const key = idOf(liked, ID, within(source, 'favorited_status'));
    return classified('v1-key', 'favorited_status', answer('event', key, timeIn(message)));
  }
  for (const name of ['control', 'info']) {
    if (has(message, name)) return classified('v1-key', name, streamNotice('event', message, name));
  }
  // Powerstream's first line; its messages are v1.1 posts.
  if (message.type === 'connection_metadata') {
    const time = timeUnder(message, ['timestamp']);
    return classified('v1-metadata', 'type', answer('event', undefined, time));
  }
  return undefined;
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
