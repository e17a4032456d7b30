import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { deleteTopics as deleteRequest } from '../../protocol/requests/topics';
import { isDenied, notAuthorized } from '../not-authorized';
import type { TopicChanges } from '../topic-changes';

const unknownTopic = 3;

/**
 * Deletes topics, one by one.
 * @param changes records which topics are deleted
 * @param signal no request is sent after it
 * @throws Problem "topic-not-found" with a topic that no longer exists, unless an earlier request deleted it
 */
export async function deleteTopics(
  requests: BrokerRequests,
  names: string[],
  changes: TopicChanges,
  signal: AbortSignal,
): Promise<void> {
  for (const topic of names) {
    await changes.change(topic, signal, async (maybeDone) => {
      const [answer] = await requests.send(deleteRequest([topic]));
      const errorCode = answer?.errorCode ?? -1;
      if (errorCode === unknownTopic) {
        if (!maybeDone) throw new Problem('topic-not-found', { topic });
      } else if (isDenied(errorCode)) throw notAuthorized('Delete', 'topic', topic);
      else if (errorCode !== 0) throw answerError(errorCode);
      return true;
    });
  }
}
