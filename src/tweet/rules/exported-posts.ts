import { idOf, isId, ownId } from '../ids';
import { asObject, has, type JsonObject, objectAt } from '../json-object';
import { type Classified, classifiedAs, type Kind } from '../kinds';
import { memberPath, type RawPath } from '../raw-text';
import { matched, type RuleMatch } from '../rule-match';
import { snowflakeTime, timeIn } from '../time';
import { retweetListName } from './v2-post';

/**
 * The members that only posts have among X's objects with an id and a text ("Post object" and "DM event", X API v2
 * data dictionary), and the form of their values. Left out are those of other objects, too: `created_at`, `lang`,
 * `source`, `entities`, `attachments`.
 */
const postMembers: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ['author_id', isIdValue],
  ['edit_history_tweet_ids', Array.isArray],
  ['edit_history_post_ids', Array.isArray],
  ['conversation_id', isIdValue],
  ['in_reply_to_user_id', isIdValue],
  ['referenced_tweets', isReferenceList],
  ['referenced_posts', isReferenceList],
  ['public_metrics', isObject],
  ['non_public_metrics', isObject],
  ['organic_metrics', isObject],
  ['promoted_metrics', isObject],
  ['edit_controls', isObject],
  ['note_tweet', isObject],
  ['note_post', isObject],
  ['context_annotations', Array.isArray],
  ['possibly_sensitive', (value) => typeof value === 'boolean'],
  ['reply_settings', (value) => typeof value === 'string'],
];

/** The members of direct messages and their events, which also have an id and a text. */
const directMessageMembers = [
  'event_type',
  'dm_conversation_id',
  'sender_id',
  'recipient_id',
  'participant_ids',
] as const;

/**
 * Classifies posts in the form of exports: v2 posts without `data`, as `twarc flatten` writes them, and the
 * `{"tweet": {…}}` of an archive that X gives to users.
 *
 * @param path the path of `message`
 * @returns undefined if the message is neither
 */
export function classifyExportedPost(message: JsonObject, path: RawPath): RuleMatch | undefined {
  return typeof message.text === 'string' ? barePost(message, path) : archivedPost(message, path);
}

function barePost(post: JsonObject, path: RawPath): RuleMatch | undefined {
  if (!isIdValue(post.id) || directMessageMembers.some((name) => has(post, name))) return undefined;
  const member = postMembers.find(([name, fits]) => fits(post[name]))?.[0];
  if (member === undefined) return undefined;
  const listName = retweetListName(post);
  return listName === undefined
    ? matched('v2-bare-post', member, ownResult('tweet', post, path))
    : matched('v2-retweet', listName, ownResult('retweet', post, path));
}

function archivedPost(message: JsonObject, path: RawPath): RuleMatch | undefined {
  const post = objectAt(message, 'tweet');
  if (!post || (typeof post.full_text !== 'string' && typeof post.text !== 'string')) return undefined;
  if (!isIdValue(post.id_str) && !isIdValue(post.id)) return undefined;
  const postPath = memberPath(path, 'tweet');
  // X writes retweets into archives as posts that begin with "RT @". Their text alone proves nothing.
  return asObject(post.retweeted_status)
    ? matched('v1-retweet', 'retweeted_status', ownResult('retweet', post, postPath))
    : matched('archive', 'tweet', ownResult('tweet', post, postPath));
}

function ownResult(kind: Kind, post: JsonObject, path: RawPath): Classified {
  const key = idOf(post, ownId, path);
  return classifiedAs(kind, key, timeIn(post) ?? snowflakeTime(key));
}

/** True for an id as text or number; the number may be rounded. */
function isIdValue(value: unknown): boolean {
  return isId(value) || (typeof value === 'number' && Number.isInteger(value) && value > 0);
}

function isObject(value: unknown): boolean {
  return asObject(value) !== undefined;
}

/** The references of a post have a type; those of a direct message have not. */
function isReferenceList(value: unknown): boolean {
  return Array.isArray(value) && value.some((entry) => typeof asObject(entry)?.type === 'string');
}
