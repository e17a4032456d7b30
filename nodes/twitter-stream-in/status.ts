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
  waitingStatus,
} from '../../src/node-red/status';
import type { SourceState } from '../../src/stream/source';
import type { Problem } from '../../src/util/problem';
import { decimalNumber, shortNumber } from '../../src/util/short-number';

/** What a status shows beside the state of the source. */
export interface Traffic {
  /** Messages per second. */
  rate: number;
  /** The App's posts of today (UTC). */
  today: number;
}

/** A wait that is over sooner, or much later, is not worth a number. */
const shownWaitMs = { least: 2000, most: 3600_000 };

/** The node's status for a state of its source, as it is when shown. */
export function sourceStatus(context: NodeContext, state: SourceState, traffic: () => Traffic): LiveStatus {
  return () => {
    if (state.state === 'connected') {
      const { rate, today } = traffic();
      return { status: connectedStatus(context, rate, today), changing: true };
    }
    if (state.state === 'waiting') {
      return { status: errorStatus(waitingText(context, state.problem, state.untilMs)), changing: true };
    }
    return { status: fixedStatus(context, state), changing: false };
  };
}

function fixedStatus(context: NodeContext, state: Exclude<SourceState, { state: 'waiting' }>): Status {
  switch (state.state) {
    case 'connecting':
      return connecting;
    case 'connected':
      return connected;
    case 'recovering': {
      const [from, to] = [state.from, state.to].map((ms) => new Date(ms).toISOString().slice(11, 16));
      return okStatus(context.words('status.recovering', { from: from ?? '', to: to ?? '' }));
    }
    case 'replaying': {
      const percent = Math.floor(100 * state.share);
      if (state.heldBy) return waitingStatus(context.words('status.held', { by: state.heldBy, percent }));
      return okStatus(context.words('status.replaying', { count: state.lines, percent }));
    }
    case 'ended':
      return idleStatus(statusKey('twitter-stream-in.status.ended'));
    case 'stopped':
      return idleStatus(statusKey('twitter-stream-in.status.stopped'));
    default:
      return errorStatus(statusText(context.RED, state.problem));
  }
}

function connectedStatus(context: NodeContext, rate: number, today: number): Status {
  if (today === 0) return connected;
  const count = decimalNumber(today);
  // A rate below one message in two seconds rounds to 0.
  if (Math.round(rate) === 0) return okStatus(context.words('status.today', { today: count }));
  return okStatus(context.words('status.flowing', { rate: shortNumber(Math.round(rate)), today: count }));
}

/** The time until the next attempt, and its cause: as much of both as a status can show. */
function waitingText(context: NodeContext, problem: Problem, untilMs: number): string {
  const leftMs = untilMs - Date.now();
  if (leftMs < shownWaitMs.least || leftMs > shownWaitMs.most) return statusText(context.RED, problem);
  const cause = shortSentence(context.RED, problem);
  const minutes = leftMs >= 60_000;
  const left = minutes
    ? context.words('status.minutes', { count: Math.ceil(leftMs / 60_000) })
    : context.words('status.seconds', { count: Math.ceil(leftMs / 1000) });
  const long = context.words('status.waiting', { left, cause });
  return long.length <= longestStatus ? long : `${left}: ${cause}`;
}

/** The response to `msg.action: "status"`: the state, its problem as a sentence. */
export function statusReport(context: NodeContext, state: SourceState): Record<string, unknown> {
  if (!('problem' in state)) return { ...state };
  const { payload: _, ...report } = { payload: undefined, ...state };
  return { ...report, problem: sentence(context.RED, state.problem) };
}
