import { Problem } from '../../util/problem';
import type { Query } from './fields';

/** A person may write "RT @" too, so one such post proves nothing. */
const enoughRetweets = 3;

/**
 * Watches whether posts have the fields that were requested. X ignores names that it does not know, and is renaming some:
 * then retweets would look like posts, without any error.
 */
export class FieldWatch {
  private datesMissing = false;
  private referencesSeen = false;
  private retweets = 0;

  /**
   * @param message a parsed message of the v2 stream
   * @param requested the stream's fields
   * @returns a warning, each once
   */
  check(message: unknown, requested: Query): Problem | undefined {
    const { data } = Object(message) as { data?: unknown };
    const post = Object(data) as Record<string, unknown>;
    if (typeof post.text !== 'string') return undefined;
    const dates = requested['tweet.fields']?.split(',').includes('created_at');
    if (dates && post.created_at === undefined && !this.datesMissing) {
      this.datesMissing = true;
      return new Problem('fields-missing');
    }
    if (post.referenced_tweets !== undefined || post.referenced_posts !== undefined)
      this.referencesSeen = true;
    else if (!this.referencesSeen && post.text.startsWith('RT @') && ++this.retweets === enoughRetweets) {
      return new Problem('references-missing');
    }
    return undefined;
  }
}
