/**
 * The eleven kinds of message on the X stream, in the order of the classifier's outputs.
 *
 * | kind | what it is | key | time |
 * |---|---|---|---|
 * | tweet | a post: original, reply, quote | the post's id | its creation |
 * | retweet | a post that repeats another one | the retweet's own id | its creation |
 * | delete | a post, direct message or like is gone | id of the deleted post or direct message; of the post that was liked | of the notice, never of the post |
 * | event | what a user or X did | see below | of the event |
 * | direct_message | a direct or chat message | the message's id where it is a number | its creation |
 * | friends | whom the streaming user follows | none | none |
 * | limit | posts matched but not delivered | none | of the notice |
 * | disconnect | the stream ends | none | of the notice |
 * | warning | something is wrong, the stream goes on | none | of the notice |
 * | scrub_geo | a user's places must be forgotten | the user's id | of the notice |
 * | withheld | a post or user is hidden in some countries | the post's or user's id | of the notice |
 *
 * An event's key is the id of the post it is about (like, edit, drop, label), else of the user it
 * is about (the target of a follow; the user that was protected, deleted, renamed), else of the
 * news item; events about anything else have none.
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

/** One of the eleven kinds of message. */
export type Kind = (typeof KINDS)[number];

/** What the classifier says of a message. */
export interface Classified {
  kind: Kind;
  /** Id of the post, or of what the notice is about, as decimal digits; never rounded. See {@link KINDS}. */
  key?: string;
  /** When the post or notice was made, in epoch milliseconds. */
  timestamp?: number;
  /** The user of the site-stream envelope that the message came in. */
  forUser?: string;
}

/**
 * What decided, one name a row of the table of messages:
 *
 * | rule | `by` names |
 * |---|---|
 * | v1-post, v1-retweet | what tells it: the text's key, `retweeted_status` |
 * | v1-partial | `in_reply_to_status_id` or `id_str`, of a post whose text or author is left out |
 * | v1-key | the top-level key of a v1.1 notice |
 * | v1-message | the key of a direct message's sender, which came without an envelope |
 * | v1-metadata | `type`, of Powerstream's first line |
 * | verb | the verb of Gnip's Activity Streams |
 * | v2-post, v2-retweet | what tells it: `data`, the list of references |
 * | v2-key | the key in `data` of a compliance, label or like notice |
 * | activity | the event type of the X Activity API |
 * | error-ends, error-stays | where the error lies: `errors`, `error`, `warn` or a bare problem's key |
 */
export type Rule =
  | 'v1-post'
  | 'v1-retweet'
  | 'v1-partial'
  | 'v1-key'
  | 'v1-message'
  | 'v1-metadata'
  | 'verb'
  | 'v2-post'
  | 'v2-retweet'
  | 'v2-key'
  | 'activity'
  | 'error-ends'
  | 'error-stays';

/** An answer with what decided it. */
export interface Classification {
  readonly answer: Classified;
  readonly rule: Rule;
  /** The key, verb or event type that decided. */
  readonly by: string;
}

/** Puts a classification together. */
export function classified(rule: Rule, by: string, answer: Classified): Classification {
  return { answer, rule, by };
}

/** Puts an answer together; what is not known is left out. */
export function answer(kind: Kind, key: string | undefined, timestamp: number | undefined): Classified {
  // Nearly all messages are posts, which have both.
  if (key !== undefined && timestamp !== undefined) return { kind, key, timestamp };
  const classified: Classified = { kind };
  if (key !== undefined) classified.key = key;
  if (timestamp !== undefined) classified.timestamp = timestamp;
  return classified;
}
