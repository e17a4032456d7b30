import type { Outbox } from '../../src/kafka/outbox';
import type { Host } from '../../src/node-red/host';
import { shortly } from '../../src/node-red/say';
import { connected, connecting, failing, type Status } from '../../src/node-red/status';

/** The outbox's state as a status: Node-RED's words, and the cause with what waits while it fails. */
export function statusOf(host: Host, outbox: Outbox): Status {
  const { health } = outbox;
  if (health.state === 'connected') return connected;
  if (health.state === 'connecting') return connecting;
  const cause = shortly(host.RED, health.problem);
  const { waiting } = outbox.counters;
  return failing(waiting > 0 ? host.words('status.waiting', { waiting: short(waiting), cause }) : cause);
}

const short = (count: number): string => (count < 1000 ? String(count) : `${(count / 1000).toFixed(1)}k`);
