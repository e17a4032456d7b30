import { AdvertisedProblem } from '../../src/kafka/advertised-problem';
import type { Outbox } from '../../src/kafka/delivery/outbox';
import type { QueueStatus } from '../../src/kafka/delivery/queue/queue-commands';
import { statusKey } from '../../src/node-red/catalogue';
import type { NodeContext } from '../../src/node-red/node-context';
import { shortSentence, statusText } from '../../src/node-red/sentences';
import {
  connected,
  connecting,
  errorStatus,
  idleStatus,
  type LiveStatus,
  longestStatus,
  okStatus,
  type Status,
  waitingStatus,
} from '../../src/node-red/status';
import type { Problem } from '../../src/util/problem';
import { shortNumber } from '../../src/util/short-number';
import type { QueueActions } from './queue-actions';

/** The part of an outbox that its status shows. */
type Shown = Pick<Outbox, 'health' | 'paused' | 'counters' | 'acknowledgedPerSecond' | 'brokersAway'> &
  Pick<QueueActions, 'queueStatus'>;
type Translator = Pick<NodeContext, 'RED' | 'words'>;

/**
 * The node's status, the most urgent first: a full disk, which rejects messages; paused; a disk that fails; connecting;
 * failing, with the number of pending records and the cause; a disk queue that cannot be used, holds records for another
 * cluster, or drains; connected with the rate of records.
 */
export function healthStatus(context: Translator, outbox: Shown): Status {
  const { health, paused, queueStatus: queue, acknowledgedPerSecond } = outbox;
  if (queue?.full)
    return errorStatus(joined(context.words('status.disk-full'), pendingText(context, outbox)));
  if (paused) return idleStatus(pausedText(context, outbox));
  if (queue?.failing)
    return errorStatus(withCause(context, outbox, pendingText(context, outbox), queue.failing));
  if (health.state === 'connecting') return connecting;
  if (health.state === 'failing') return errorStatus(failingText(context, outbox, health.problem));
  if (queue?.unusable) return errorStatus(statusText(context.RED, queue.unusable));
  if (queue?.foreign)
    return waitingStatus(context.words('status.foreign', { count: shortNumber(queue.foreign) }));
  if (queue?.draining) return waitingStatus(drainingText(context, queue));
  // A rate below one record in two seconds rounds to 0.
  if (Math.round(acknowledgedPerSecond) === 0) return connected;
  return okStatus(context.words('status.flowing', { rate: shortNumber(Math.round(acknowledgedPerSecond)) }));
}

/** The status as it is when shown. While there is a rate, or a drain, it changes without further records. */
export function liveStatus(context: Translator, outbox: Shown): LiveStatus {
  return () => ({
    status: healthStatus(context, outbox),
    changing: outbox.acknowledgedPerSecond > 0 || outbox.queueStatus?.draining === true,
  });
}

const joined = (...parts: string[]): string => parts.join(' · ');

function pausedText(context: Translator, outbox: Shown): string {
  if (outbox.counters.waiting === 0) return statusKey('kafka-out.status.paused');
  return joined(context.words('status.paused'), pendingText(context, outbox));
}

/** The number of pending records, of those on disk where there are any, and the cause. */
function failingText(context: Translator, outbox: Shown, problem: Problem): string {
  const { brokersAway, queueStatus: queue } = outbox;
  const records = queue?.onDisk ? onDiskText(context, queue) : pendingText(context, outbox);
  // The number of unreachable brokers would hide the cause, which no waiting removes.
  if (brokersAway.length === 0 || problem instanceof AdvertisedProblem)
    return withCause(context, outbox, records, problem);
  const away =
    brokersAway.length === 1
      ? context.words('status.away-one')
      : context.words('status.away', { brokers: brokersAway.length });
  return orCause(context, outbox, joined(records, away), problem);
}

const withCause = (context: Translator, outbox: Shown, records: string, problem: Problem): string =>
  orCause(context, outbox, joined(records, shortSentence(context.RED, problem)), problem);

/** Only the cause where nothing is pending, or where the text does not fit. */
const orCause = ({ RED }: Translator, { counters }: Shown, text: string, problem: Problem): string =>
  counters.waiting > 0 && text.length <= longestStatus ? text : statusText(RED, problem);

const pendingText = (context: Translator, { counters }: Shown): string =>
  context.words('status.pending', { count: shortNumber(counters.waiting) });

const onDiskText = (context: Translator, { onDisk }: QueueStatus): string =>
  context.words('status.on-disk', { count: shortNumber(onDisk) });

function drainingText(context: Translator, { onDisk, drainPerSecond }: QueueStatus): string {
  const rate = shortNumber(Math.round(drainPerSecond));
  return context.words('status.draining', { count: shortNumber(onDisk), rate });
}
