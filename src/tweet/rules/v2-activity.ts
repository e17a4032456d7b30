import { firstIdOf, type IdName, idOf, ownId, userId } from '../ids';
import { asObject, has, type JsonObject, objectAt, stringAt } from '../json-object';
import { type Classified, classifiedAs } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { matched, type RuleMatch } from '../rule-match';
import { snowflakeTime, timeByName, timeIn } from '../time';
import { likedPost, postResult, retweetListName } from './v2-post';

/** More names for the time in an activity's payload. */
const timeNames = [
  'created_at_msec',
  'created_timestamp',
  'event_timestamp_ms_str',
  'event_timestamp_ms',
  'date_time',
];

const lastReadId: IdName = { plain: 'last_read_event_id', twin: 'last_read_event_id_str' };

/** Activities whose payload is a post. A post.create may also be a retweet. */
const postActivities = new Set([
  'post.create',
  'post.reply.create',
  'post.quote.create',
  'post.mention.create',
]);

/** True for `data` of the X Activity API: `{"event_uuid", "filter", "event_type", "tag", "payload"}`. */
export function isActivity(data: JsonObject): boolean {
  return (
    typeof data.event_type === 'string' &&
    (has(data, 'payload') || has(data, 'event_uuid') || has(data, 'filter'))
  );
}

/**
 * Classifies the activities of the X Activity API (docs.x.com, x-api/activity/event-payloads).
 * `event_uuid` is not an id of X and may be negative: it gives neither key nor time.
 *
 * @param path the path of `data`
 */
export function classifyActivity(data: JsonObject, path: RawPath): RuleMatch {
  const type = stringAt(data, 'event_type') ?? '';
  const payload = objectAt(data, 'payload') ?? {};
  const listName = postActivities.has(type) ? retweetListName(payload) : undefined;
  return listName === undefined
    ? matched('activity', type, activityResult(type, data, payload, path))
    : matched('v2-retweet', listName, postResult('retweet', payload, path, 'payload'));
}

function activityResult(type: string, data: JsonObject, payload: JsonObject, path: RawPath): Classified {
  const payloadPath = memberPath(path, 'payload');
  if (type === 'post.repost.create') return postResult('retweet', payload, path, 'payload');
  if (postActivities.has(type)) return postResult('tweet', payload, path, 'payload');
  if (type === 'post.delete') {
    // The id gives the time of the post, not of the deletion.
    return classifiedAs('delete', idOf(payload, ownId, payloadPath), timeIn(payload, data));
  }
  if (type.startsWith('dm.') || type.startsWith('chat.')) return directMessageResult(payload, payloadPath);
  const time = timeIn(payload, data) ?? timeByName(payload, timeNames);
  return classifiedAs('event', subjectId(data, payload, path), time);
}

/**
 * A dm.* payload has a list of one message, whose name depends on the event. A chat.* payload is the message
 * itself; encrypted messages have UUIDs, which are not keys.
 */
function directMessageResult(payload: JsonObject, path: RawPath): Classified {
  for (const name of Object.keys(payload)) {
    const list = payload[name];
    const message = name.startsWith('direct_message_') && Array.isArray(list) ? asObject(list[0]) : undefined;
    if (!message) continue;
    const id = firstIdOf(message, [ownId, lastReadId], memberPath(path, name));
    const creation = has(message, 'id') ? snowflakeTime(id) : undefined;
    return classifiedAs('direct_message', id, timeIn(message) ?? timeByName(message, timeNames) ?? creation);
  }
  const id = idOf(payload, ownId, path);
  const time = timeIn(payload) ?? timeByName(payload, timeNames) ?? snowflakeTime(id);
  return classifiedAs('direct_message', id, time);
}

/** The liked post, the followed, muted or blocked user, the watched user, or the news item. */
function subjectId(data: JsonObject, payload: JsonObject, path: RawPath): string | undefined {
  const payloadPath = memberPath(path, 'payload');
  const like = likedPost(payload, payloadPath);
  if (like) return like.id;
  const target = objectAt(payload, 'target');
  const user = target && objectAt(target, 'data');
  if (user) return idOf(user, ownId, memberPath(memberPath(payloadPath, 'target'), 'data'));
  if (target) return idOf(target, ownId, memberPath(payloadPath, 'target'));
  const filter = objectAt(data, 'filter');
  const watchedUser = filter && idOf(filter, userId, memberPath(path, 'filter'));
  return watchedUser ?? firstIdOf(payload, [userId, ownId], payloadPath);
}
