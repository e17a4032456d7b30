import type { Cause } from '../../src/kafka/delivery/counters';
import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { NodeContext } from '../../src/node-red/node-context';
import { sentence, shortSentence } from '../../src/node-red/sentences';
import {
  connected,
  connecting,
  errorStatus,
  idleStatus,
  type LiveStatus,
  longestStatus,
  okStatus,
  type Status,
} from '../../src/node-red/status';
import { shortNumber } from '../../src/util/short-number';

/** What a status is made of. */
type Shown = Pick<Outbox, 'health' | 'paused' | 'counters' | 'acknowledgedPerSecond' | 'brokersAway'>;
type Translator = Pick<NodeContext, 'RED' | 'words'>;

/**
 * The outbox's state as a status: Node-RED's words, how fast records flow, how many wait for a pause, and
 * while it fails how many wait for what.
 */
export function healthStatus(context: Translator, outbox: Shown): Status {
  const { health, paused, acknowledgedPerSecond } = outbox;
  const waiting = shortNumber(outbox.counters.waiting);
  if (paused)
    return idleStatus(waiting === '0' ? context.words('status.paused') : pausedWith(context, waiting));
  if (health.state === 'connecting') return connecting;
  if (health.state === 'failing')
    return errorStatus(obstacle(context, outbox, shortSentence(context.RED, health.problem)));
  // Less than one record in two seconds is no flow.
  if (Math.round(acknowledgedPerSecond) === 0) return connected;
  return okStatus(context.words('status.flowing', { rate: shortNumber(Math.round(acknowledgedPerSecond)) }));
}

/** The same for a light: it changes by itself while there is a rate to fall. */
export function liveStatus(context: Translator, outbox: Shown): LiveStatus {
  return () => ({ status: healthStatus(context, outbox), changing: outbox.acknowledgedPerSecond > 0 });
}

/** The answer to `msg.action: "status"`: the outbox's report, its causes as sentences in the server's language. */
export function statusReport(context: Translator, outbox: Pick<Outbox, 'report'>): object {
  const { lastCause, topics, ...story } = outbox.report();
  return {
    ...story,
    ...(lastCause ? { lastCause: sentence(context.RED, lastCause.thrown), lastCauseAt: lastCause.at } : {}),
    topics: topics.map(({ lastCause, ...topic }) => ({ ...topic, ...withCause(context, lastCause) })),
  };
}

const withCause = (context: Translator, cause: Cause | undefined): object =>
  cause ? { lastCause: sentence(context.RED, cause.thrown) } : {};

const pausedWith = (context: Translator, waiting: string): string =>
  context.words('status.paused-waiting', { waiting });

/** What waits for what; the cause alone where both do not fit. */
function obstacle(context: Translator, { counters, brokersAway }: Shown, cause: string): string {
  if (counters.waiting === 0) return cause;
  const waiting = shortNumber(counters.waiting);
  const text =
    brokersAway.length === 0
      ? context.words('status.waiting', { waiting, cause })
      : brokersAway.length === 1
        ? context.words('status.away-one', { waiting })
        : context.words('status.away', { waiting, brokers: brokersAway.length });
  return text.length <= longestStatus ? text : cause;
}
