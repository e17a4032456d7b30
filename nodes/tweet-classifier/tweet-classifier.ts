import type { NodeAPI } from 'node-red';
import { defineNode, type Message, type Send } from '../../src/node-red/define';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { type Classified, classify } from '../../src/tweet/classify';
import { KindCounters } from '../../src/tweet/kind-counters';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { Problem } from '../../src/util/problem';
import { properties } from './properties';
import { liveStatus } from './status';

export = (RED: NodeAPI): void => {
  defineNode<SavedNode<typeof properties>>(RED, 'tweet-classifier', (context, def) => {
    const property = new SavedProperties(properties, def).get('property') || 'payload';
    const counters = new KindCounters();
    const status = liveStatus(counters);
    const counted = (message: unknown, msg: Message): Classified => {
      try {
        const result = classify(message, rawOf(msg));
        counters.add(result.kind);
        return result;
      } catch (error) {
        counters.add(undefined);
        throw error;
      }
    };

    return {
      input(msg, send) {
        const message = read(RED, msg, property);
        if (isCommand(msg, message)) return runCommand(msg, counters, send);
        const result = counted(message, msg);
        context.status(status);
        setResult(msg, result);
        send(outputsFor(result.kind, msg));
      },
    };
  });
};

function read(RED: NodeAPI, msg: Message, property: string): unknown {
  if (property === 'payload') return msg.payload;
  try {
    return RED.util.getMessageProperty(msg, property);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'INVALID_EXPR') {
      throw new Problem('typed-invalid', { field: property }, { cause: error });
    }
    // For "a.b", msg.a is missing too.
    return undefined;
  }
}

/** A message with a payload is data, even with `action`: a command has no payload and nothing to classify. */
const isCommand = (msg: Message, message: unknown): boolean =>
  message === undefined && msg.action !== undefined && msg.payload === undefined;

/** The response leaves by the output "event": the outputs of posts are wired to topics. */
function runCommand(msg: Message, counters: KindCounters, send: Send): void {
  if (msg.action !== 'status') {
    throw new Problem('unknown-action', { action: String(msg.action), known: 'status' });
  }
  msg.payload = counters.counts();
  send(outputsFor('event', msg));
}

/** The exact text from twitter-stream-in: only there are the digits of a rounded id complete. */
function rawOf(msg: Message): string | Uint8Array | undefined {
  return typeof msg.raw === 'string' || msg.raw instanceof Uint8Array ? msg.raw : undefined;
}

function setResult(msg: Message, { kind, key, timestamp, forUser }: Classified): void {
  msg.kind = kind;
  // A message without a key or timestamp must not keep those of an earlier node.
  if (key !== undefined) msg.key = key;
  else delete msg.key;
  if (timestamp !== undefined) msg.timestamp = timestamp;
  else delete msg.timestamp;
  if (forUser !== undefined) msg.forUser = forUser;
}

/** One entry per output up to the kind's own; Node-RED sends nothing to the rest. Most messages are posts. */
function outputsFor(kind: Kind, msg: Message): Array<Message | null> {
  if (kind === 'tweet') return [msg];
  if (kind === 'retweet') return [null, msg];
  return [...KINDS.slice(0, KINDS.indexOf(kind)).map(() => null), msg];
}
