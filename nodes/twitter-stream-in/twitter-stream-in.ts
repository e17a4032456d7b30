import type { NodeAPI } from 'node-red';
import { defineNode, type Message, type Send } from '../../src/node-red/define';
import type { Host } from '../../src/node-red/host';
import type { Source } from '../../src/stream/source';
import { Problem } from '../../src/util/problem';
import { afterStart } from './after-start';
import { describe, type NodeOutlet, outletOf, statusOf } from './outlet';
import { type Def, formatOf, sourceOf } from './sources';

export = (RED: NodeAPI): void => {
  defineNode<Def>(RED, 'twitter-stream-in', (host, def) => {
    const outlet = outletOf(host, formatOf(def));
    const source = sourceOf(RED, host, def, outlet);
    const cancel = def.autostart === false ? undefined : afterStart(RED, () => source.start());
    if (!cancel) outlet.stopped();

    return {
      input: (msg, send) => command(host, source, outlet, msg, send),
      status: () => statusOf(host, outlet.current()),
      async close() {
        cancel?.();
        await source.stop();
      },
    };
  });
};

async function command(
  host: Host,
  source: Source,
  outlet: NodeOutlet,
  msg: Message,
  send: Send,
): Promise<void> {
  switch (msg.action) {
    case 'start':
      source.start();
      break;
    case 'stop':
      await source.stop();
      outlet.stopped();
      break;
    case 'status':
      msg.payload = { event: 'status', ...describe(host, outlet.current()), messages: outlet.sent() };
      send([null, msg]);
      break;
    default:
      throw new Problem('unknown-action', { action: String(msg.action), known: 'start, stop, status' });
  }
}
