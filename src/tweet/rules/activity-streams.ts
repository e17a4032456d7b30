import { idInTag, userInTag } from '../ids';
import { type JsonObject, objectAt, stringAt } from '../json-object';
import { type Classified, classifiedAs, type Kind } from '../kinds';
import { matched, type RuleMatch } from '../rule-match';
import { snowflakeTime, timeIn } from '../time';

/** The verbs with an output of their own; all others are events. */
const verbKinds: ReadonlyMap<string, Kind> = new Map([
  ['post', 'tweet'],
  ['share', 'retweet'],
  ['delete', 'delete'],
  ['scrub_geo', 'scrub_geo'],
  ['status_withheld', 'withheld'],
  ['user_withheld', 'withheld'],
]);

/** The start of X's tags: `tag:search.twitter.com,2005:…`, `object:search.x.com,2005:…`, `id:twitter.com:…`. */
const tagOfX = /^(?:tag|object|id):(?:search\.)?(?:twitter|x)\.com[,:]/;

/**
 * Classifies messages in Gnip's Activity Streams format, the older one of PowerTrack (docs.x.com,
 * enterprise-gnip-2.0, data dictionary: "the verb is the proper way to distinguish").
 * Other networks use the same format, and notices about users have only a verb and an object (Gnip's samples,
 * gist.github.com/gnippy). So an id must be X's; only a message without any id is accepted by its `objectType`.
 *
 * @returns undefined if the message does not have that format
 */
export function classifyActivityStream(message: JsonObject): RuleMatch | undefined {
  if (message.verb === undefined) return undefined;
  const verb = stringAt(message, 'verb');
  if (verb === undefined || !isOfX(message)) return undefined;
  return matched('verb', verb, verbResult(verb, stringAt(message, 'id'), message));
}

function isOfX(message: JsonObject): boolean {
  const tags = [message, objectAt(message, 'object'), objectAt(message, 'actor')].flatMap(
    (holder) => (holder && stringAt(holder, 'id')) ?? [],
  );
  return tags.length > 0
    ? tags.some((tag) => tagOfX.test(tag))
    : stringAt(message, 'objectType') === 'activity';
}

function verbResult(verb: string, tag: string | undefined, message: JsonObject): Classified {
  const kind = verbKinds.get(verb) ?? 'event';
  const time = timeIn(message);
  if (kind === 'tweet' || kind === 'retweet') {
    const key = idInTag(tag);
    return classifiedAs(kind, key, time ?? snowflakeTime(key));
  }
  if (verb === 'scrub_geo' || verb.startsWith('user_'))
    return classifiedAs(kind, userOfNotice(message), time);
  const messageId = idInTag(tag);
  const objectId = idInTag(objectAt(message, 'object')?.id);
  return classifiedAs(kind, kind === 'event' ? (messageId ?? objectId) : (objectId ?? messageId), time);
}

/** The user of a notice: the actor, else the object. */
function userOfNotice(message: JsonObject): string | undefined {
  const object = objectAt(message, 'object');
  for (const holder of [objectAt(message, 'actor'), object, message]) {
    const id = userInTag(holder?.id);
    if (id !== undefined) return id;
  }
  return userInTag(object?.user_id);
}
