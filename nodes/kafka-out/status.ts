import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { Cause } from '../../src/kafka/delivery/tally';
import type { Host } from '../../src/node-red/host';
import { sentence, shortly } from '../../src/node-red/say';
import {
  connected,
  connecting,
  failing,
  fine,
  idle,
  type LiveStatus,
  longestStatus,
  type Status,
} from '../../src/node-red/status';
import { shortNumber } from '../../src/util/short-number';

/** What a status is made of. */
type Shown = Pick<Outbox, 'health' | 'paused' | 'counters' | 'acknowledgedPerSecond' | 'brokersAway'>;
type Tongue = Pick<Host, 'RED' | 'words'>;

/**
 * The outbox's state as a status: Node-RED's words, how fast records flow, how many wait for a pause, and
 * while it fails how many wait for what.
 */
export function statusOf(host: Tongue, outbox: Shown): Status {
  const { health, paused, acknowledgedPerSecond } = outbox;
  const waiting = shortNumber(outbox.counters.waiting);
  if (paused) return idle(waiting === '0' ? host.words('status.paused') : pausedWith(host, waiting));
  if (health.state === 'connecting') return connecting;
  if (health.state === 'failing') return failing(obstacle(host, outbox, shortly(host.RED, health.problem)));
  // Less than one record in two seconds is no flow.
  if (Math.round(acknowledgedPerSecond) === 0) return connected;
  return fine(host.words('status.flowing', { rate: shortNumber(Math.round(acknowledgedPerSecond)) }));
}

/** The same for a light: it changes by itself while there is a rate to fall. */
export function liveStatus(host: Tongue, outbox: Shown): LiveStatus {
  return () => ({ status: statusOf(host, outbox), changing: outbox.acknowledgedPerSecond > 0 });
}

/** The answer to `msg.action: "status"`: the outbox's report, its causes as sentences in the server's language. */
export function storyOf(host: Tongue, outbox: Pick<Outbox, 'report'>): object {
  const { lastCause, topics, ...story } = outbox.report();
  return {
    ...story,
    ...(lastCause ? { lastCause: sentence(host.RED, lastCause.thrown), lastCauseAt: lastCause.at } : {}),
    topics: topics.map(({ lastCause, ...topic }) => ({ ...topic, ...told(host, lastCause) })),
  };
}

const told = (host: Tongue, cause: Cause | undefined): object =>
  cause ? { lastCause: sentence(host.RED, cause.thrown) } : {};

const pausedWith = (host: Tongue, waiting: string): string =>
  host.words('status.paused-waiting', { waiting });

/** What waits for what; the cause alone where both do not fit. */
function obstacle(host: Tongue, { counters, brokersAway }: Shown, cause: string): string {
  if (counters.waiting === 0) return cause;
  const waiting = shortNumber(counters.waiting);
  const text =
    brokersAway.length === 0
      ? host.words('status.waiting', { waiting, cause })
      : brokersAway.length === 1
        ? host.words('status.away-one', { waiting })
        : host.words('status.away', { waiting, brokers: brokersAway.length });
  return text.length <= longestStatus ? text : cause;
}
