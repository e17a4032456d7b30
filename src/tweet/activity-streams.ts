import { child, type Fields, text } from './fields';
import { ID, idInTag, idOf, type Source, USER_ID, within } from './identity';
import { answer, type Classified, type Kind, type Verdict, verdict } from './kinds';
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

/**
 * Tells messages in Gnip's Activity Streams format apart, PowerTrack's older one
 * (docs.x.com, enterprise-gnip-2.0, data dictionary: "the verb is the proper way to distinguish").
 * Ids are the digits behind the last colon of a tag, `tag:search.twitter.com,2005:887450119146270723`.
 *
 * @returns the answer, or undefined for what is not in that format
 */
export function classifyActivityStream(message: Fields, source: Source): Verdict | undefined {
  if (message.verb === undefined) return undefined;
  const verb = text(message, 'verb');
  if (verb === undefined) return undefined;
  const tag = text(message, 'id');
  if (text(message, 'objectType') !== 'activity' && !tag?.startsWith('tag:search.')) return undefined;
  return verdict('verb', verb, answerOf(verb, tag, message, source));
}

function answerOf(verb: string, tag: string | undefined, message: Fields, source: Source): Classified {
  const kind = VERBS.get(verb) ?? 'event';
  const time = timeIn(message);
  if (kind === 'tweet' || kind === 'retweet') {
    const key = idInTag(tag);
    return answer(kind, key, time ?? snowflakeTime(key));
  }
  const object = child(message, 'object');
  const post = idInTag(object && text(object, 'id'));
  if (verb === 'delete' || verb === 'status_withheld') return answer(kind, post ?? idInTag(tag), time);
  if (verb === 'scrub_geo' || verb.startsWith('user_')) return answer(kind, userId(message, source), time);
  return answer(kind, idInTag(tag) ?? post, time);
}

/** The user a notice is about: its actor, else what its object says. */
function userId(message: Fields, source: Source): string | undefined {
  const actor = child(message, 'actor');
  const object = child(message, 'object');
  return (
    (actor && (idInTag(text(actor, 'id')) ?? idOf(actor, ID, within(source, 'actor')))) ??
    (object && (idOf(object, USER_ID, within(source, 'object')) ?? idInTag(text(object, 'id')))) ??
    idInTag(text(message, 'id'))
  );
}
