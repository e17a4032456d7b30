import type { Classified } from './kinds';

/**
 * The rule that matched a message. {@link RuleMatch.by} names the member or value that it matched:
 *
 * | rule | `by` |
 * |---|---|
 * | v1-post, v1-retweet | `text` or `full_text`; `retweeted_status` |
 * | v1-partial | `in_reply_to_status_id` or `id_str`, for a post without its text or author |
 * | v1-key | the top-level key of a v1.1 notice |
 * | v1-message | `sender` or `sender_id`, for a direct message without an envelope |
 * | v1-metadata | `type`, for the first line of Powerstream |
 * | verb | the verb of Gnip's Activity Streams |
 * | v2-post, v2-retweet | `data`; the list of references |
 * | v2-bare-post | the member that identifies a post without `data`, such as `author_id` |
 * | archive | `tweet`, for a post in an archive of X |
 * | v2-key | the key in `data` of a compliance, label or like notice |
 * | activity | the event type of the X Activity API |
 * | error-ends, error-stays | `errors`, `error`, `warn`, or a member of a bare problem object; the stream ends or continues |
 */
export type ClassificationRule =
  | 'v1-post'
  | 'v1-retweet'
  | 'v1-partial'
  | 'v1-key'
  | 'v1-message'
  | 'v1-metadata'
  | 'verb'
  | 'v2-post'
  | 'v2-retweet'
  | 'v2-bare-post'
  | 'archive'
  | 'v2-key'
  | 'activity'
  | 'error-ends'
  | 'error-stays';

/** A rule that matched, and the result of the classification. */
export interface RuleMatch {
  readonly result: Classified;
  readonly rule: ClassificationRule;
  /** The key, verb or event type that the rule matched. */
  readonly by: string;
}

export function matched(rule: ClassificationRule, by: string, result: Classified): RuleMatch {
  return { result, rule, by };
}
