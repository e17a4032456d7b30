import { AdvertisedProblem } from '../../src/kafka/advertised-problem';
import type { Cause } from '../../src/kafka/delivery/counters';
import type { Outbox } from '../../src/kafka/delivery/outbox';
import { statusKey } from '../../src/node-red/catalogue';
import type { NodeContext } from '../../src/node-red/node-context';
import { sentence, shortSentence, statusText } from '../../src/node-red/sentences';
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

/** The part of an outbox that its status shows. */
type Shown = Pick<Outbox, 'health' | 'paused' | 'counters' | 'acknowledgedPerSecond' | 'brokersAway'>;
type Translator = Pick<NodeContext, 'RED' | 'words'>;

/**
 * The node's status: connecting, connected with the rate of records, paused with the number of pending records, or
 * failing with their number and the cause.
 */
export function healthStatus(context: Translator, outbox: Shown): Status {
  const { health, paused, acknowledgedPerSecond } = outbox;
  if (paused) return idleStatus(pausedText(context, outbox));
  if (health.state === 'connecting') return connecting;
  if (health.state === 'failing') return errorStatus(failingText(context, outbox, health.problem));
  // A rate below one record in two seconds rounds to 0.
  if (Math.round(acknowledgedPerSecond) === 0) return connected;
  return okStatus(context.words('status.flowing', { rate: shortNumber(Math.round(acknowledgedPerSecond)) }));
}

/** The status as it is when shown. While there is a rate, it changes without further records. */
export function liveStatus(context: Translator, outbox: Shown): LiveStatus {
  return () => ({ status: healthStatus(context, outbox), changing: outbox.acknowledgedPerSecond > 0 });
}

/** The response to `msg.action: "status"`: the outbox's report, with causes as sentences. */
export function statusReport(context: Translator, outbox: Pick<Outbox, 'report'>): object {
  const { lastCause, topics, ...report } = outbox.report();
  return {
    ...report,
    ...(lastCause ? { lastCause: sentence(context.RED, lastCause.thrown), lastCauseAt: lastCause.at } : {}),
    topics: topics.map(({ lastCause, ...topic }) => ({ ...topic, ...withCause(context, lastCause) })),
  };
}

const withCause = (context: Translator, cause: Cause | undefined): object =>
  cause ? { lastCause: sentence(context.RED, cause.thrown) } : {};

function pausedText(context: Translator, { counters }: Shown): string {
  if (counters.waiting === 0) return statusKey('kafka-out.status.paused');
  return context.words('status.paused-waiting', { waiting: shortNumber(counters.waiting) });
}

/** The number of pending records and the cause; only the cause where both do not fit. */
function failingText(
  context: Translator,
  { counters, brokersAway, health }: Shown,
  problem: unknown,
): string {
  if (counters.waiting === 0) return statusText(context.RED, problem);
  const waiting = shortNumber(counters.waiting);
  const cause = shortSentence(context.RED, problem);
  const text =
    brokersAway.length === 0 || isMisadvertised(health)
      ? context.words('status.waiting', { waiting, cause })
      : brokersAway.length === 1
        ? context.words('status.away-one', { waiting })
        : context.words('status.away', { waiting, brokers: brokersAway.length });
  return text.length <= longestStatus ? text : statusText(context.RED, problem);
}

/** The number of unreachable brokers would hide the cause, which no waiting removes. */
const isMisadvertised = (health: Shown['health']): boolean =>
  health.state === 'failing' && health.problem instanceof AdvertisedProblem;
