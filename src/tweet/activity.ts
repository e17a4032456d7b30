import { child, type Fields, fieldsOf, has, text } from './fields';
import { firstIdOf, ID, type IdName, idOf, type Source, USER_ID, within } from './identity';
import { answer, type Classification, type Classified, classified } from './kinds';
import { snowflakeTime, timeIn, timeUnder } from './time';
import { likedPost, postAnswer, repostBy } from './v2-post';

/** Other names under which an activity's payload gives its time. */
const TIMES = [
  'created_at_msec',
  'created_timestamp',
  'event_timestamp_ms_str',
  'event_timestamp_ms',
  'date_time',
];

const READ_UP_TO: IdName = { plain: 'last_read_event_id', twin: 'last_read_event_id_str' };

/** Activities that bring a post to its own output; a post.create may be a repost too. */
const POST_ACTIVITIES = new Set([
  'post.create',
  'post.reply.create',
  'post.quote.create',
  'post.mention.create',
]);

/** True for `data` of the X Activity API: `{"event_uuid", "filter", "event_type", "tag", "payload"}`. */
export function isActivity(data: Fields): boolean {
  return (
    typeof data.event_type === 'string' &&
    (has(data, 'payload') || has(data, 'event_uuid') || has(data, 'filter'))
  );
}

/**
 * Tells the activities of the X Activity API apart (docs.x.com, x-api/activity/event-payloads).
 * `event_uuid` is no id of anything and may be negative: it is neither key nor time.
 *
 * @param source leads to `data`
 */
export function classifyActivity(data: Fields, source: Source): Classification {
  const type = text(data, 'event_type') ?? '';
  const payload = child(data, 'payload') ?? {};
  const references = POST_ACTIVITIES.has(type) ? repostBy(payload) : undefined;
  return references === undefined
    ? classified('activity', type, answerOf(type, data, payload, source))
    : classified('v2-retweet', references, postAnswer('retweet', payload, source, 'payload'));
}

function answerOf(type: string, data: Fields, payload: Fields, source: Source): Classified {
  const inside = within(source, 'payload');
  if (type === 'post.repost.create') return postAnswer('retweet', payload, source, 'payload');
  if (POST_ACTIVITIES.has(type)) return postAnswer('tweet', payload, source, 'payload');
  if (type === 'post.delete') {
    // The id's own time would be that of the post, not of its end.
    return answer('delete', idOf(payload, ID, inside), timeIn(payload, data));
  }
  if (type.startsWith('dm.') || type.startsWith('chat.')) return directMessage(payload, inside);
  return answer(
    'event',
    subjectId(data, payload, source),
    timeIn(payload, data) ?? timeUnder(payload, TIMES),
  );
}

/** A dm.* payload holds a list of one, named after what happened; a chat.* payload is the message itself. */
function directMessage(payload: Fields, source: Source): Classified {
  for (const name of Object.keys(payload)) {
    const list = payload[name];
    const first = name.startsWith('direct_message_') && Array.isArray(list) ? fieldsOf(list[0]) : undefined;
    if (!first) continue;
    const id = firstIdOf(first, [ID, READ_UP_TO], within(source, name));
    const made = has(first, 'id') ? snowflakeTime(id) : undefined;
    return answer('direct_message', id, timeIn(first) ?? timeUnder(first, TIMES) ?? made);
  }
  // The ids of encrypted messages are UUIDs, which no key is made of.
  const id = idOf(payload, ID, source);
  return answer('direct_message', id, timeIn(payload) ?? timeUnder(payload, TIMES) ?? snowflakeTime(id));
}

/** The liked post, the user who is followed, muted or blocked, the user watched, or the news item. */
function subjectId(data: Fields, payload: Fields, source: Source): string | undefined {
  const inside = within(source, 'payload');
  const like = likedPost(payload, inside);
  if (like) return like.id;
  const target = child(payload, 'target');
  const user = target && child(target, 'data');
  if (user) return idOf(user, ID, within(within(inside, 'target'), 'data'));
  if (target) return idOf(target, ID, within(inside, 'target'));
  const filter = child(data, 'filter');
  return (
    (filter && idOf(filter, USER_ID, within(source, 'filter'))) ?? firstIdOf(payload, [USER_ID, ID], inside)
  );
}
