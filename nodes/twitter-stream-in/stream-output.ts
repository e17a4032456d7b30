import type { NodeContext } from '../../src/node-red/node-context';
import type { SourceState, StreamOutput } from '../../src/stream/source';
import type { Format } from '../../src/stream/stream-line';
import type { Problem } from '../../src/util/problem';
import { sourceStatus } from './status';

/** Outputs, status, log and Catch nodes of the node, for its source. */
export interface NodeOutput extends StreamOutput {
  /** The user stopped the source, or has not started it yet. */
  stopped(): void;
  /** The last state of the source. */
  current(): SourceState;
  /** The number of messages sent on the first output. */
  sent(): number;
}

export function streamOutputOf(context: NodeContext, format: Format): NodeOutput {
  let state: SourceState = { state: 'stopped' };
  let sent = 0;
  let lastCause = '';

  const fail = (problem: Problem, payload?: string | Buffer): void =>
    context.fail(problem, payload === undefined ? {} : { payload });

  /** Logs each change once, and a cause only once until the source is connected again. */
  function logChange(next: SourceState): void {
    if (next.state === 'connected' || next.state === 'ended') {
      if (state.state !== next.state) context.log(context.words(`log.${next.state}`, { count: sent }));
      lastCause = '';
    }
    if (!('problem' in next) || lastCause === next.problem.message) return;
    lastCause = next.problem.message;
    if (next.state === 'failed') fail(next.problem, next.payload);
    else context.warn(next.problem);
  }

  function show(next: SourceState): void {
    logChange(next);
    state = next;
    context.status(sourceStatus(context, next));
  }

  return {
    onMessage(line) {
      try {
        context.send([{ ...line.as(format) }, null]);
        sent++;
      } catch (error) {
        context.fail(error, { payload: line.text });
      }
    },
    onEvent: (event) => context.send([null, { payload: event }]),
    onState: show,
    stopped() {
      const now = Date.now();
      const payload = { event: 'disconnected', from: now, to: now, cause: 'stopped' };
      if (state.state === 'connected') context.send([null, { payload }]);
      show({ state: 'stopped' });
    },
    onProblem: fail,
    onWarning: (problem) => context.warn(problem),
    current: () => state,
    sent: () => sent,
  };
}
