import { classifyError } from '../errors';

// OffsetCommit, CreateTopics, DeleteTopics, DeleteRecords, CreateAcls, DeleteAcls, CreatePartitions, DeleteGroups, IncrementalAlterConfigs,
// OffsetDelete (https://kafka.apache.org/protocol.html#protocol_api_keys).
const changingRequests: readonly number[] = [8, 19, 20, 21, 30, 31, 37, 42, 44, 47];

/**
 * What one operation has changed so far, topic by topic and over all its attempts. A retried operation goes on
 * where it was, and its error reports which topics are changed, and which one may be.
 */
export class TopicChanges {
  /** The changed topics, in order. */
  readonly done: string[] = [];
  /** The topic whose request was sent without an answer that shows its outcome. */
  inDoubt?: string;
  private current?: string;

  /** Whether a topic is changed, or may be. */
  get begun(): boolean {
    return this.done.length > 0 || this.inDoubt !== undefined;
  }

  /** To be called with the API key of each request that is sent. */
  readonly onRequest = (apiKey: number): void => {
    // A request that is only validated changes no topic.
    if (this.current !== undefined && changingRequests.includes(apiKey)) this.inDoubt = this.current;
  };

  /**
   * Changes one topic, unless an earlier attempt did.
   * @param ended no request is sent after it
   * @param request sends the request and resolves with whether the topic was changed; called with whether an
   *   earlier request of this operation may have changed it
   */
  async change(
    topic: string,
    ended: AbortSignal,
    request: (maybeDone: boolean) => Promise<boolean>,
  ): Promise<void> {
    if (this.done.includes(topic)) return;
    ended.throwIfAborted();
    this.current = topic;
    const maybeDone = this.inDoubt === topic;
    try {
      if (await request(maybeDone)) this.done.push(topic);
    } catch (error) {
      // The answer to this request does not show what an earlier one did.
      if (!maybeDone && !classifyError(error, topic).outcomeUnknown) this.inDoubt = undefined;
      throw error;
    } finally {
      this.current = undefined;
    }
    this.inDoubt = undefined;
  }
}
