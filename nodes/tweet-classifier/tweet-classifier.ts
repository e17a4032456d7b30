import type { NodeAPI, NodeDef } from 'node-red';
import { defineNode, type Message, type Send } from '../../src/node-red/define';
import { okStatus } from '../../src/node-red/status';
import { type Classified, classify } from '../../src/tweet/classify';
import { KindCounters } from '../../src/tweet/kind-counters';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { Problem } from '../../src/util/problem';
import { CounterLight } from './counter-light';

interface Def extends NodeDef {
  property: string;
}

export = (RED: NodeAPI): void => {
  defineNode<Def>(RED, 'tweet-classifier', (context, def) => {
    const property = def.property || 'payload';
    const tally = new KindCounters();
    const light = new CounterLight(() => context.status(okStatus(tally.summary())));
    const showResult = (message: unknown, msg: Message): Classified => {
      try {
        return classify(message, rawOf(msg));
      } catch (error) {
        tally.add(undefined);
        light.yield();
        throw error;
      }
    };

    return {
      input(msg, send) {
        const message = read(RED, msg, property);
        if (isCommand(msg, message)) return command(msg, tally, send);
        const answer = showResult(message, msg);
        tally.add(answer.kind);
        light.touch();
        mark(msg, answer);
        send(outputsOf(answer.kind, msg));
      },
      close: () => light.close(),
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
    // Of "a.b" not even the outer one is there.
    return undefined;
  }
}

/** Data that happens to carry `action` is data: a command has nothing to classify, and no payload. */
const isCommand = (msg: Message, message: unknown): boolean =>
  message === undefined && msg.action !== undefined && msg.payload === undefined;

/** The answer leaves by the output of what happened: the posts' outputs are wired to topics. */
function command(msg: Message, tally: KindCounters, send: Send): void {
  if (msg.action !== 'status') {
    throw new Problem('unknown-action', { action: String(msg.action), known: 'status' });
  }
  msg.payload = tally.counts();
  send(outputsOf('event', msg));
}

/** The exact text, where stream-in put it: there alone a rounded id can be read in full. */
function rawOf(msg: Message): string | Uint8Array | undefined {
  return typeof msg.raw === 'string' || msg.raw instanceof Uint8Array ? msg.raw : undefined;
}

function mark(msg: Message, { kind, key, timestamp, forUser }: Classified): void {
  msg.kind = kind;
  // A key or time that this message does not have must not be an earlier node's.
  if (key !== undefined) msg.key = key;
  else delete msg.key;
  if (timestamp !== undefined) msg.timestamp = timestamp;
  else delete msg.timestamp;
  if (forUser !== undefined) msg.forUser = forUser;
}

/** Up to a kind's own output: to those behind it nothing is sent. Most messages are posts. */
function outputsOf(kind: Kind, msg: Message): Array<Message | null> {
  if (kind === 'tweet') return [msg];
  if (kind === 'retweet') return [null, msg];
  return [...KINDS.slice(0, KINDS.indexOf(kind)).map(() => null), msg];
}
