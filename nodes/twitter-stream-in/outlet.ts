import type { Host } from '../../src/node-red/host';
import { sentence, shortly } from '../../src/node-red/say';
import { connected, connecting, failing, fine, idle, type Status, waiting } from '../../src/node-red/status';
import type { Outlet, SourceState } from '../../src/stream/source';
import type { Format } from '../../src/stream/stream-line';

/** The node's outputs, status, log and Catch nodes, as a source sees them. */
export interface NodeOutlet extends Outlet {
  /** The person stopped the source, or has not started it yet. */
  stopped(): void;
  /** The state shown last. */
  current(): SourceState;
  /** Messages sent by the first output. */
  sent(): number;
}

export function outletOf(host: Host, format: Format): NodeOutlet {
  let state: SourceState = { state: 'stopped' };
  let sent = 0;
  let said = '';

  /** One line a change; a cause once, however often it comes back before things go well again. */
  function say(next: SourceState): void {
    if (next.state === 'connected' || next.state === 'ended') {
      if (state.state !== next.state) host.log(host.words(`log.${next.state}`, { count: sent }));
      said = '';
    }
    if (!('problem' in next) || said === next.problem.message) return;
    said = next.problem.message;
    if (next.state === 'failed') host.fail(next.problem);
    else host.warn(next.problem);
  }

  function show(next: SourceState): void {
    say(next);
    state = next;
    host.status(statusOf(host, next));
  }

  return {
    line(line) {
      try {
        host.send([{ ...line.as(format) }, null]);
        sent++;
      } catch (error) {
        host.fail(error, { payload: line.text });
      }
    },
    event: (event) => host.send([null, { payload: event }]),
    state: show,
    stopped() {
      const now = Date.now();
      const payload = { event: 'disconnected', from: now, to: now, cause: 'stopped' };
      if (state.state === 'connected') host.send([null, { payload }]);
      show({ state: 'stopped' });
    },
    problem: (problem, payload) => host.fail(problem, payload === undefined ? {} : { payload }),
    warn: (problem) => host.warn(problem),
    current: () => state,
    sent: () => sent,
  };
}

/** A state in Node-RED's words. */
export function statusOf(host: Host, state: SourceState): Status {
  switch (state.state) {
    case 'connecting':
      return connecting;
    case 'connected':
      return connected;
    case 'replaying': {
      const percent = Math.floor(100 * state.share);
      if (state.heldBy) return waiting(host.words('status.held', { by: state.heldBy, percent }));
      return fine(host.words('status.replaying', { count: state.lines, percent }));
    }
    case 'ended':
      return idle('twitter-stream-in.status.ended');
    case 'stopped':
      return idle('twitter-stream-in.status.stopped');
    default:
      return failing(shortly(host.RED, state.problem));
  }
}

/** A state as a message: its problem is its sentence. */
export function describe(host: Host, state: SourceState): Record<string, unknown> {
  return 'problem' in state ? { ...state, problem: sentence(host.RED, state.problem) } : { ...state };
}
