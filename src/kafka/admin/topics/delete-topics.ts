import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { deleteTopics as deleteRequest } from '../../protocol/requests/topics';
import { isDenied, notAuthorized } from '../not-authorized';
import type { Planned } from '../planned';
import type { TopicChanges } from '../topic-changes';
import { describeTopics } from './describe-topics';

const unknownTopic = 3;

/** Plans to delete topics, one by one. @throws Problem "topic-not-found" or "not-authorized" */
export async function planDeleteTopics(requests: BrokerRequests, names: string[]): Promise<Planned> {
  const topics = await describeTopics(requests, names);
  return {
    answer: { deleted: false, topics },
    async apply(sender, changes, signal) {
      await deleteTopics(sender, names, changes, signal);
      return { deleted: true };
    },
  };
}

async function deleteTopics(
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
