import type { NodeAPI, NodeDef } from 'node-red';
import { defineNode, type Message } from '../../src/node-red/define';
import { Problem } from '../../src/problem';
import { classify } from '../../src/tweet/classify';
import { KINDS } from '../../src/tweet/kinds';

interface Def extends NodeDef {
  property: string;
}

export = (RED: NodeAPI): void => {
  defineNode<Def>(RED, 'tweet-classifier', (_host, def) => {
    const property = def.property || 'payload';
    return {
      input(msg, send) {
        const { kind, key, timestamp, forUser } = classify(read(RED, msg, property), rawOf(msg));
        msg.kind = kind;
        set(msg, 'key', key);
        set(msg, 'timestamp', timestamp);
        if (forUser !== undefined) msg.forUser = forUser;
        send(KINDS.map((output) => (output === kind ? msg : null)));
      },
      status: () => ({}),
    };
  });
};

function read(RED: NodeAPI, msg: Message, property: string): unknown {
  if (property === 'payload') return msg.payload;
  try {
    return RED.util.getMessageProperty(msg, property);
  } catch (error) {
    throw new Problem('typed-invalid', { field: property }, { cause: error });
  }
}

/** The exact text, where stream-in put it: there alone a rounded id can be read in full. */
function rawOf(msg: Message): string | Uint8Array | undefined {
  return typeof msg.raw === 'string' || msg.raw instanceof Uint8Array ? msg.raw : undefined;
}

/** A key or time that this message does not have must not be an earlier node's. */
function set(msg: Message, property: 'key' | 'timestamp', value: string | number | undefined): void {
  if (value === undefined) delete msg[property];
  else msg[property] = value;
}
