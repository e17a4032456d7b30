import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { NodeContext } from '../../src/node-red/node-context';
import { sentence } from '../../src/node-red/sentences';
import type { QueueActions } from './queue-actions';

type Translator = Pick<NodeContext, 'RED'>;

/** The response to `msg.action: "status"`: the outbox's report and that of its disk queue, with causes as sentences. */
export function statusReport(
  context: Translator,
  outbox: Pick<Outbox, 'report'> & Pick<QueueActions, 'queueStatus' | 'queueReport'>,
): object {
  const { lastCause, topics, ...report } = outbox.report();
  return {
    ...report,
    ...withSentence(context, 'lastCause', lastCause?.thrown),
    ...(lastCause ? { lastCauseAt: lastCause.at } : {}),
    topics: topics.map(({ lastCause, ...topic }) => ({
      ...topic,
      ...withSentence(context, 'lastCause', lastCause?.thrown),
    })),
    ...(outbox.queueStatus ? { queue: queueReport(context, outbox) } : {}),
  };
}

/** What the disk queue holds, with causes as sentences. */
export function queueReport(context: Translator, outbox: Pick<QueueActions, 'queueReport'>): object {
  const { topics, problem, ...report } = outbox.queueReport();
  return {
    ...report,
    topics: topics.map(({ cause, ...topic }) => ({ ...topic, ...withSentence(context, 'cause', cause) })),
    ...withSentence(context, 'problem', problem),
  };
}

/** A property with the sentence of what was thrown; none where nothing was. */
const withSentence = ({ RED }: Translator, property: string, thrown: unknown): object =>
  thrown === undefined ? {} : { [property]: sentence(RED, thrown) };
