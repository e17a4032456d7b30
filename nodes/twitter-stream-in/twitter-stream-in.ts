import type { NodeAPI } from 'node-red';
import { defineNode, type Message, type Send } from '../../src/node-red/define';
import { flows } from '../../src/node-red/flows';
import type { NodeContext } from '../../src/node-red/node-context';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { LiveSource } from '../../src/stream/filtered/live-source';
import type { StreamSource } from '../../src/stream/source';
import { Problem } from '../../src/util/problem';
import { properties } from './properties';
import { sourceOf } from './sources';
import { sourceStatus, statusReport } from './status';
import { type NodeOutput, streamOutputOf } from './stream-output';
import { serveRuleTest } from './test-endpoint';

export = (RED: NodeAPI): void => {
  serveRuleTest(RED);
  defineNode<SavedNode<typeof properties>>(RED, 'twitter-stream-in', (context, def) => {
    const settings = new SavedProperties(properties, def);
    let source: StreamSource | undefined;
    const postsToday = (): number => (source instanceof LiveSource ? source.postsToday : 0);
    const output = streamOutputOf(context, settings.choice('format'), postsToday);
    const running = sourceOf(RED, context, settings, output);
    source = running;
    const autostart = settings.get('autostart') !== false;
    const cancelStart = autostart ? flows.onStarted(() => running.start()) : undefined;
    if (!autostart) output.stopped();

    return {
      input: (msg, send) => runCommand(context, running, output, msg, send),
      status: () => sourceStatus(context, output.current(), output.traffic),
      async close(removed) {
        cancelStart?.();
        await running.stop(removed ? 'removed' : 'close');
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
      await source.stop('stop');
      output.stopped();
      break;
    case 'status':
      msg.payload = {
        event: 'status',
        ...statusReport(context, output.current()),
        messages: output.sent(),
        ...(source instanceof LiveSource && source.report()),
      };
      send([null, msg]);
      break;
    default:
      throw new Problem('unknown-action', { action: String(msg.action), known: 'start, stop, status' });
  }
}
