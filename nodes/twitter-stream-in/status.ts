import { statusKey } from '../../src/node-red/catalogue';
import type { NodeContext } from '../../src/node-red/node-context';
import { sentence, statusText } from '../../src/node-red/sentences';
import {
  connected,
  connecting,
  errorStatus,
  idleStatus,
  okStatus,
  type Status,
  waitingStatus,
} from '../../src/node-red/status';
import type { SourceState } from '../../src/stream/source';

/** The node's status for a state of its source. */
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
      return idleStatus(statusKey('twitter-stream-in.status.ended'));
    case 'stopped':
      return idleStatus(statusKey('twitter-stream-in.status.stopped'));
    default:
      return errorStatus(statusText(context.RED, state.problem));
  }
}

/** The response to `msg.action: "status"`: the state, its problem as a sentence. */
export function statusReport(context: NodeContext, state: SourceState): Record<string, unknown> {
  if (!('problem' in state)) return { ...state };
  const { payload: _, ...report } = { payload: undefined, ...state };
  return { ...report, problem: sentence(context.RED, state.problem) };
}
