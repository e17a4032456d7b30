import type { NodeContext } from '../../src/node-red/node-context';
import type { SourceState, StreamOutput } from '../../src/stream/source';
import type { Format } from '../../src/stream/stream-line';
import type { Problem } from '../../src/util/problem';
import { Rate } from '../../src/util/rate';
import { sourceStatus, type Traffic } from './status';

/** Outputs, status, log and Catch nodes of the node, for its source. */
export interface NodeOutput extends StreamOutput {
  /** The user stopped the source, or has not started it yet. */
  stopped(): void;
  /** For the status. */
  traffic(): Traffic;
  /** The last state of the source. */
  current(): SourceState;
  /** The number of messages sent on the first output. */
  sent(): number;
}

/** A flapping stream fills no log. */
const logEveryMs = 60_000;

/** @param postsToday the App's posts of today, for the status */
export function streamOutputOf(context: NodeContext, format: Format, postsToday: () => number): NodeOutput {
  const rate = new Rate();
  let state: SourceState = { state: 'stopped' };
  let sent = 0;
  let lastCause = '';
  let loggedAt = Number.NEGATIVE_INFINITY;

  const fail = (problem: Problem, payload?: string | Buffer): void =>
    context.fail(problem, payload === undefined ? {} : { payload });

  /** Logs each change once, and a cause only once until the source is connected again; at most one line a minute. */
  function logChange(next: SourceState): void {
    if (next.state === 'failed') {
      if (lastCause !== next.problem.message) fail(next.problem, next.payload);
      lastCause = next.problem.message;
      return;
    }
    const now = performance.now();
    const mayLog = now - loggedAt >= logEveryMs;
    if (next.state === 'connected' || next.state === 'ended') {
      const isChange = state.state !== next.state && state.state !== 'recovering';
      // The end of an outage that was logged is logged too.
      if (isChange && (mayLog || lastCause !== ''))
        context.log(context.words(`log.${next.state}`, { count: sent }));
      lastCause = '';
    }
    if (next.state !== 'waiting' || lastCause === next.problem.message || !mayLog) return;
    loggedAt = now;
    lastCause = next.problem.message;
    context.warn(next.problem);
  }

  const traffic = (): Traffic => ({ rate: rate.perSecond, today: postsToday() });

  function show(next: SourceState): void {
    logChange(next);
    state = next;
    context.status(sourceStatus(context, next, traffic));
  }

  return {
    onMessage(line, recovered) {
      try {
        context.send([{ ...line.as(format), ...(recovered && { recovered }) }, null]);
        sent++;
        rate.add();
      } catch (error) {
        context.fail(error, { payload: line.text });
      }
    },
    onEvent: (event) => context.send([null, { payload: event }]),
    onState: show,
    stopped() {
      const now = Date.now();
      const payload = { event: 'disconnected', from: now, to: now, cause: 'stopped' };
      if (state.state === 'connected' || state.state === 'recovering') context.send([null, { payload }]);
      show({ state: 'stopped' });
    },
    onProblem: fail,
    onWarning: (problem) => context.warn(problem),
    traffic,
    current: () => state,
    sent: () => sent,
  };
}
