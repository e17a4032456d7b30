import type { NodeAPI } from 'node-red';
import { defineNode, type Message, type Send } from '../../src/node-red/define';
import type { NodeContext } from '../../src/node-red/node-context';
import type { StreamSource } from '../../src/stream/source';
import { Problem } from '../../src/util/problem';
import { afterStart } from './after-start';
import { type Def, formatOf, sourceOf } from './sources';
import { type NodeOutput, sourceStatus, statusReport, streamOutputOf } from './stream-output';

export = (RED: NodeAPI): void => {
  defineNode<Def>(RED, 'twitter-stream-in', (context, def) => {
    const output = streamOutputOf(context, formatOf(def));
    const source = sourceOf(RED, context, def, output);
    const cancel = def.autostart === false ? undefined : afterStart(RED, () => source.start());
    if (!cancel) output.stopped();

    return {
      input: (msg, send) => command(context, source, output, msg, send),
      status: () => sourceStatus(context, output.current()),
      async close() {
        cancel?.();
        await source.stop();
      },
    };
  });
};

async function command(
  context: NodeContext,
  source: StreamSource,
  output: NodeOutput,
  msg: Message,
  send: Send,
): Promise<void> {
  switch (msg.action) {
    case 'start':
      source.start();
      break;
    case 'stop':
      await source.stop();
      output.stopped();
      break;
    case 'status':
      msg.payload = { event: 'status', ...statusReport(context, output.current()), messages: output.sent() };
      send([null, msg]);
      break;
    default:
      throw new Problem('unknown-action', { action: String(msg.action), known: 'start, stop, status' });
  }
}
