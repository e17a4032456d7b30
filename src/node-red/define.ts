import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { type ConfigNode, NodeContext } from './node-context';
import { nodeError, sentence } from './sentences';
import type { LiveStatus, Status } from './status';

/** A message on its way through a flow: any property may be there, none must. */
export type Message = NodeMessageInFlow & Record<string, unknown>;

/** Sends from within an input's turn: a message, or one entry an output. */
export type Send = (msg: Message | Array<Message | null>) => void;

/** What a node does. All of it may throw or reject: the wrapper tells Node-RED. */
export interface Behaviour {
  /** Called for each message; the message counts as dealt with when the promise settles. */
  input?(msg: Message, send: Send): void | Promise<void>;
  /** What the status goes back to after a message that failed, when the next one succeeds. */
  status?(): Status | LiveStatus;
  /** Ends everything the node started. `removed`: the node was deleted or disabled, not restarted. */
  close?(removed: boolean): void | Promise<void>;
}

type Done = (error?: Error) => void;
type Credentials = Record<string, { type: 'text' | 'password' }>;

// Node-RED gives a close 15 s; what has not ended by then is reported here and let go.
const closeLimitMs = 14_000;

/**
 * Registers a working node. The wrapper owns what no node repeats: try/catch, `done` exactly once for
 * each message, the status of a node that cannot start, and a close that always ends.
 * @param setup makes the node's behaviour from its saved properties; what it throws turns into a red
 *   ring, one line in the log, and the answer to each message
 */
export function defineNode<Def extends NodeDef>(
  RED: NodeAPI,
  type: string,
  setup: (context: NodeContext, def: Def) => Behaviour,
): void {
  function NodeOfType(this: Node, def: Def): void {
    RED.nodes.createNode(this, def);
    const context = new NodeContext(RED, this);
    const behaviour = start(context, () => setup(context, def));
    let failed = false;
    const succeeded = (done: Done): void => {
      if (failed && behaviour.status) context.status(behaviour.status());
      failed = false;
      done();
    };
    const failedWith = (error: unknown, done: Done): void => {
      failed = true;
      context.showError(error);
      done(nodeError(RED, error));
    };
    this.on('input', (msg, send, done) => {
      let result: void | Promise<void>;
      try {
        result = behaviour.input?.(msg as Message, send as Send);
      } catch (error) {
        failedWith(error, done);
        return;
      }
      // For what is dealt with at once nothing more is set up: that is what the quickest nodes do.
      if (result instanceof Promise)
        follow(
          result,
          () => succeeded(done),
          (error) => failedWith(error, done),
        );
      else succeeded(done);
    });
    closeWith(context, behaviour);
  }
  RED.nodes.registerType(type, NodeOfType as never);
}

/**
 * Registers a config node whose service its users get from `NodeContext.config`.
 * @param setup makes the service; what it throws is told to each user
 */
export function defineConfig<Def extends NodeDef, Service extends Pick<Behaviour, 'close'>>(
  RED: NodeAPI,
  type: string,
  setup: (context: NodeContext, def: Def, credentials: Record<string, string | undefined>) => Service,
  credentials: Credentials,
): void {
  function NodeOfType(this: ConfigNode<Service>, def: Def): void {
    RED.nodes.createNode(this, def);
    this.users = {};
    const context = new NodeContext(RED, this);
    try {
      this.service = setup(context, def, (this.credentials ?? {}) as Record<string, string | undefined>);
    } catch (error) {
      this.problem = error;
      this.warn(sentence(RED, error));
    }
    closeWith(context, this.service ?? {});
  }
  RED.nodes.registerType(type, NodeOfType as never, { credentials } as never);
}

function start(context: NodeContext, setup: () => Behaviour): Behaviour {
  try {
    return setup();
  } catch (error) {
    context.showError(error);
    // The flow's Catch nodes are made in the same turn as this node.
    setImmediate(() => context.fail(error));
    return {
      input: () => {
        throw error;
      },
    };
  }
}

function closeWith(context: NodeContext, behaviour: Pick<Behaviour, 'close'>): void {
  context.node.on('close', (removed: boolean, done: () => void) => {
    const limit = setTimeout(() => finish(new Error(`not closed within ${closeLimitMs} ms`)), closeLimitMs);
    let finished = false;
    const finish = (error?: unknown): void => {
      if (finished) return;
      finished = true;
      clearTimeout(limit);
      if (error !== undefined) context.node.log(sentence(context.RED, error));
      context.close();
      done();
    };
    follow((async () => behaviour.close?.(removed))(), () => finish(), finish);
  });
}

/** Calls exactly one of the two ends. */
function follow(result: Promise<void>, resolved: () => void, rejected: (error: unknown) => void): void {
  // Whatever listens to `done` may throw; from here that would end Node-RED as an unhandled rejection.
  result
    .then(resolved, rejected)
    .catch(rejected)
    .catch(() => {});
}
