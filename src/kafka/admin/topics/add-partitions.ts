import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { createPartitions, type MorePartitions } from '../../protocol/requests/changes';
import { isDenied, notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';
import type { Planned } from '../planned';
import { topicsNamed } from './topic-metadata';

/** Plans more partitions for topics; those that have as many stay. @throws Problem "partitions-decrease" */
export async function planPartitions(
  requests: BrokerRequests,
  names: string[],
  { partitions = 0, replicas }: OptionsOf<'topics.addPartitions'>,
): Promise<Planned> {
  const topics = (await topicsNamed(requests, names)).map(({ name, partitions: { length: before } }) => {
    if (partitions < before)
      throw new Problem('partitions-decrease', { topic: name, before, after: partitions });
    return { topic: name, before, after: partitions };
  });
  const more = topics
    .filter(({ before, after }) => after > before)
    .map(({ topic }): MorePartitions => ({ topic, partitions, replicas: replicas ?? null }));
  if (more.length > 0) failOnAnswers(await requests.send(createPartitions(more, true)));
  const warnings = more.length > 0 ? [new Problem('keys-move').message] : [];
  return {
    answer: { topics, warnings },
    async apply(sender, changes, signal) {
      for (const one of more) {
        await changes.change(one.topic, signal, async (maybeDone) => {
          if (maybeDone && (await partitionsOf(sender, one.topic)) >= one.partitions) return true;
          failOnAnswers(await sender.send(createPartitions([one], false)));
          return true;
        });
      }
      return undefined;
    },
  };
}

async function partitionsOf(requests: BrokerRequests, name: string): Promise<number> {
  const [topic] = await topicsNamed(requests, [name]);
  return topic?.partitions.length ?? 0;
}

function failOnAnswers(
  answers: Array<{ topic: string; errorCode: number; errorMessage?: string | null }>,
): void {
  for (const { topic, errorCode, errorMessage } of answers) {
    if (isDenied(errorCode)) throw notAuthorized('Alter', 'topic', topic);
    if (errorCode !== 0) throw answerError(errorCode, errorMessage);
  }
}
