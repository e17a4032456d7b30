import { child, type Fields, text } from './fields';
import { idInTag, userInTag } from './identity';
import { answer, type Classification, type Classified, classified, type Kind } from './kinds';
import { snowflakeTime, timeIn } from './time';

/** The verbs that have an output of their own; all others are events. */
const VERBS: ReadonlyMap<string, Kind> = new Map([
  ['post', 'tweet'],
  ['share', 'retweet'],
  ['delete', 'delete'],
  ['scrub_geo', 'scrub_geo'],
  ['status_withheld', 'withheld'],
  ['user_withheld', 'withheld'],
]);

/** How X's ids begin: `tag:search.twitter.com,2005:…`, `object:search.x.com,2005:…`, `id:twitter.com:…`. */
const ID_OF_X = /^(?:tag|object|id):(?:search\.)?(?:twitter|x)\.com[,:]/;

/**
 * Tells messages in Gnip's Activity Streams format apart, PowerTrack's older one
 * (docs.x.com, enterprise-gnip-2.0, data dictionary: "the verb is the proper way to distinguish").
 * Other networks write the same format, and notices about users have a verb, an object and nothing
 * else (Gnip's samples, gist.github.com/gnippy): so it is an id that shows whose message it is, and only
 * where there is none does `objectType` do.
 *
 * @returns the answer, or undefined for what is not in that format
 */
export function classifyActivityStream(message: Fields): Classification | undefined {
  if (message.verb === undefined) return undefined;
  const verb = text(message, 'verb');
  if (verb === undefined || !isOfX(message)) return undefined;
  return classified('verb', verb, answerOf(verb, text(message, 'id'), message));
}

function isOfX(message: Fields): boolean {
  const ids = [message, child(message, 'object'), child(message, 'actor')].flatMap(
    (holder) => (holder && text(holder, 'id')) ?? [],
  );
  return ids.length > 0 ? ids.some((id) => ID_OF_X.test(id)) : text(message, 'objectType') === 'activity';
}

function answerOf(verb: string, tag: string | undefined, message: Fields): Classified {
  const kind = VERBS.get(verb) ?? 'event';
  const time = timeIn(message);
  if (kind === 'tweet' || kind === 'retweet') {
    const key = idInTag(tag);
    return answer(kind, key, time ?? snowflakeTime(key));
  }
  if (verb === 'scrub_geo' || verb.startsWith('user_')) return answer(kind, userId(message), time);
  const object = child(message, 'object');
  const own = idInTag(tag);
  const about = idInTag(object?.id);
  return answer(kind, kind === 'event' ? (own ?? about) : (about ?? own), time);
}

/** The user a notice is about: who did it, or else its object. */
function userId(message: Fields): string | undefined {
  const object = child(message, 'object');
  for (const holder of [child(message, 'actor'), object, message]) {
    const id = userInTag(holder?.id);
    if (id !== undefined) return id;
  }
  return userInTag(object?.user_id);
}
