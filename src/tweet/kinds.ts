/**
 * The eleven kinds of messages in the X stream, in the order of the classifier's outputs.
 *
 * | kind | meaning | key | time |
 * |---|---|---|---|
 * | tweet | original post, reply or quote | the post's id | its creation |
 * | retweet | repost of another post | the retweet's own id | its creation |
 * | delete | deleted post, direct message or like | id of the deleted post or direct message; of the liked post | of the notice, never of the post |
 * | event | user or account event, other notices | see below | of the event |
 * | direct_message | direct or chat message | the message's id if it is numeric | its creation |
 * | friends | ids of the accounts that the streaming user follows | none | none |
 * | limit | number of matching posts not delivered | none | of the notice |
 * | disconnect | the stream ends | none | of the notice |
 * | warning | an error or warning, the stream continues | none | of the notice |
 * | scrub_geo | the user's location data must be deleted | the user's id | of the notice |
 * | withheld | post or user withheld in some countries | the post's or user's id | of the notice |
 *
 * The key of an event is the id of its post (like, edit, drop, label), else of its user (the target of a
 * follow; the user who was protected, deleted, renamed), else of its news item. Other events have no key.
 */
export const KINDS = [
  'tweet',
  'retweet',
  'delete',
  'event',
  'direct_message',
  'friends',
  'limit',
  'disconnect',
  'warning',
  'scrub_geo',
  'withheld',
] as const;

/** One of the eleven kinds, see {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** The result of the classification. */
export interface Classified {
  kind: Kind;
  /** Id of the post, or of the subject of the notice, as decimal digits; never rounded. See {@link KINDS}. */
  key?: string;
  /** Creation time of the post or notice, in epoch milliseconds. */
  timestamp?: number;
  /** The user in the envelope of a site-stream message. */
  forUser?: string;
}

/** Creates a result. An undefined key or timestamp is left out. */
export function classifiedAs(kind: Kind, key: string | undefined, timestamp: number | undefined): Classified {
  // Fast path for posts, nearly all messages: one object literal.
  if (key !== undefined && timestamp !== undefined) return { kind, key, timestamp };
  const result: Classified = { kind };
  if (key !== undefined) result.key = key;
  if (timestamp !== undefined) result.timestamp = timestamp;
  return result;
}
