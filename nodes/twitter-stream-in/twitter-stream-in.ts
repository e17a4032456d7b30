import type { NodeAPI } from 'node-red';
import { defineNode, type Message, type Send } from '../../src/node-red/define';
import type { NodeContext } from '../../src/node-red/node-context';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import type { StreamSource } from '../../src/stream/source';
import { Problem } from '../../src/util/problem';
import { onFlowsStarted } from './flows-started';
import { properties } from './properties';
import { sourceOf } from './sources';
import { sourceStatus, statusReport } from './status';
import { type NodeOutput, streamOutputOf } from './stream-output';

export = (RED: NodeAPI): void => {
  defineNode<SavedNode<typeof properties>>(RED, 'twitter-stream-in', (context, def) => {
    const settings = new SavedProperties(properties, def);
    const output = streamOutputOf(context, settings.choice('format'));
    const source = sourceOf(RED, context, settings, output);
    const autostart = settings.get('autostart') !== false;
    const cancelStart = autostart ? onFlowsStarted(RED, () => source.start()) : undefined;
    if (!autostart) output.stopped();

    return {
      input: (msg, send) => runCommand(context, source, output, msg, send),
      status: () => sourceStatus(context, output.current()),
      async close() {
        cancelStart?.();
        await source.stop();
      },
    };
  });
};

async function runCommand(
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
