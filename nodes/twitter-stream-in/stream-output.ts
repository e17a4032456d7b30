import type { NodeContext } from '../../src/node-red/node-context';
import { sentence, shortSentence } from '../../src/node-red/sentences';
import {
  connected,
  connecting,
  errorStatus,
  idleStatus,
  okStatus,
  type Status,
  waitingStatus,
} from '../../src/node-red/status';
import type { SourceState, StreamOutput } from '../../src/stream/source';
import type { Format } from '../../src/stream/stream-line';

/** The node's outputs, status, log and Catch nodes, as a source sees them. */
export interface NodeOutput extends StreamOutput {
  /** The person stopped the source, or has not started it yet. */
  stopped(): void;
  /** The state shown last. */
  current(): SourceState;
  /** Messages sent by the first output. */
  sent(): number;
}

export function streamOutputOf(context: NodeContext, format: Format): NodeOutput {
  let state: SourceState = { state: 'stopped' };
  let sent = 0;
  let said = '';

  /** One line a change; a cause once, however often it comes back before things go well again. */
  function sentence(next: SourceState): void {
    if (next.state === 'connected' || next.state === 'ended') {
      if (state.state !== next.state) context.log(context.words(`log.${next.state}`, { count: sent }));
      said = '';
    }
    if (!('problem' in next) || said === next.problem.message) return;
    said = next.problem.message;
    if (next.state === 'failed') context.fail(next.problem);
    else context.warn(next.problem);
  }

  function show(next: SourceState): void {
    sentence(next);
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
    onProblem: (problem, payload) => context.fail(problem, payload === undefined ? {} : { payload }),
    onWarning: (problem) => context.warn(problem),
    current: () => state,
    sent: () => sent,
  };
}

/** A state in Node-RED's words. */
export function sourceStatus(context: NodeContext, state: SourceState): Status {
  switch (state.state) {
    case 'connecting':
      return connecting;
    case 'connected':
      return connected;
    case 'replaying': {
      const percent = Math.floor(100 * state.share);
      if (state.heldBy) return waitingStatus(context.words('status.held', { by: state.heldBy, percent }));
      return okStatus(context.words('status.replaying', { count: state.lines, percent }));
    }
    case 'ended':
      return idleStatus('twitter-stream-in.status.ended');
    case 'stopped':
      return idleStatus('twitter-stream-in.status.stopped');
    default:
      return errorStatus(shortSentence(context.RED, state.problem));
  }
}

/** A state as a message: its problem is its sentence. */
export function statusReport(context: NodeContext, state: SourceState): Record<string, unknown> {
  return 'problem' in state ? { ...state, problem: sentence(context.RED, state.problem) } : { ...state };
}
