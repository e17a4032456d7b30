import { idOf, isId, ownId } from '../ids';
import { asObject, has, type JsonObject, objectAt } from '../json-object';
import { type Classified, classifiedAs, type Kind } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { matched, type RuleMatch } from '../rule-match';
import { snowflakeTime, timeIn } from '../time';

/**
 * Classifies v1.1 posts of all years and of the enterprise streams in native format. All have a text, and an
 * author or the key of the post replied to (1,205 of 1,205 recorded posts). `id_str` and the counts were added
 * later; extended mode has `full_text` in place of `text`.
 *
 * @param path the path of `message`
 * @returns undefined if the message is not a complete post
 */
export function classifyV1Post(message: JsonObject, path: RawPath): RuleMatch | undefined {
  const textName = typeof message.text === 'string' ? 'text' : 'full_text';
  if (textName === 'full_text' && typeof message.full_text !== 'string') return undefined;
  // The presence of the key counts: its value is null in posts that are not replies.
  if (!asObject(message.user) && message.in_reply_to_status_id === undefined) return undefined;
  return asObject(message.retweeted_status)
    ? matched('v1-retweet', 'retweeted_status', ownResult('retweet', message, path))
    : matched('v1-post', textName, ownResult('tweet', message, path));
}

/**
 * Classifies direct messages without an envelope, their oldest form.
 *
 * @param path the path of `message`
 */
export function classifyV1DirectMessage(message: JsonObject, path: RawPath): RuleMatch | undefined {
  if (typeof message.text !== 'string') return undefined;
  const senderName = has(message, 'sender') ? 'sender' : 'sender_id';
  return has(message, senderName)
    ? matched('v1-message', senderName, ownResult('direct_message', message, path))
    : undefined;
}

/**
 * Classifies posts without their text or author, as in X's pages and in samples ("Edit Posts",
 * enterprise-gnip-2.0). A text alone does not make a post; the other keys are specific to X.
 *
 * @param path the path of `message`
 */
export function classifyV1PartialPost(message: JsonObject, path: RawPath): RuleMatch | undefined {
  if (asObject(message.retweeted_status)) {
    return matched('v1-retweet', 'retweeted_status', ownResult('retweet', message, path));
  }
  if (message.in_reply_to_status_id !== undefined) {
    return matched('v1-partial', 'in_reply_to_status_id', ownResult('tweet', message, path));
  }
  if (!isId(message.id_str) || !hasText(message)) return undefined;
  return matched('v1-partial', 'id_str', ownResult('tweet', message, path));
}

/** The result for `{"direct_message": …}`. */
export function directMessageResult(message: JsonObject, path: RawPath): Classified {
  const body = objectAt(message, 'direct_message');
  return body
    ? ownResult('direct_message', body, memberPath(path, 'direct_message'))
    : classifiedAs('direct_message', undefined, timeIn(message));
}

function hasText({ text, full_text }: JsonObject): boolean {
  return typeof text === 'string' || typeof full_text === 'string';
}

/** The result for a post or direct message: its own id and time. */
function ownResult(kind: Kind, message: JsonObject, path: RawPath): Classified {
  const key = idOf(message, ownId, path);
  return classifiedAs(kind, key, timeIn(message) ?? snowflakeTime(key));
}
