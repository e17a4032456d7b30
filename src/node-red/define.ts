import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red';
import { type Closable, closeOnRequest } from './close';
import { flows } from './flows';
import { holdLate, receiveLate } from './late-messages';
import { type ConfigNode, NodeContext } from './node-context';
import { nodeError, sentence } from './sentences';
import type { LiveStatus, Status } from './status';
import { watchStoredSecrets, withSecretsCause } from './stored-secrets';

/** A message in a flow; every property is optional. */
export type Message = NodeMessageInFlow & Record<string, unknown>;

/** Sends from within `input`: a message to the first output, or an array with one entry per output. */
export type Send = (msg: Message | Array<Message | null>) => void;

/** The behavior of a node. Each function may throw or reject: the wrapper reports the error to Node-RED. */
export interface NodeBehavior extends Closable {
  /** Called for each message. The message is complete when the promise settles. */
  input?(msg: Message, send: Send): void | Promise<void>;
  /** The status to show when a message succeeds after one that failed. */
  status?(): Status | LiveStatus;
  /**
   * The node takes messages that were on their way to it when a deploy stopped it, within one turn of the event loop.
   * Otherwise the node that the deploy starts in its place gets them.
   */
  takesLate?: boolean;
}

type Done = (error?: Error) => void;
type Credentials = Record<string, { type: 'text' | 'password' }>;

/**
 * Registers a working node. The wrapper does what all nodes have in common: try/catch, `done` exactly once per
 * message, the status of a node that cannot start, messages that are late for a deploy (see late-messages.ts), and a close
 * that always ends (see close.ts).
 * @param setup creates the node's behavior from its saved properties. If it throws, the node shows a red ring,
 *   logs the error once, and rejects each message with it
 */
export function defineNode<Def extends NodeDef>(
  RED: NodeAPI,
  type: string,
  setup: (context: NodeContext, def: Def) => NodeBehavior,
): void {
  flows.watch(RED);
  function NodeOfType(this: Node, def: Def): void {
    RED.nodes.createNode(this, def);
    const context = new NodeContext(RED, this);
    const behavior = start(context, () => setup(context, def));
    let lastFailed = false;
    let restarting = false;
    const complete = (done: Done): void => {
      if (lastFailed && behavior.status) context.status(behavior.status());
      lastFailed = false;
      done();
    };
    const reject = (error: unknown, done: Done): void => {
      lastFailed = true;
      context.showError(error);
      done(nodeError(RED, error));
    };
    this.on('input', (msg, send, done) => {
      if (restarting && !behavior.takesLate) return holdLate(this, msg);
      let result: void | Promise<void>;
      try {
        result = behavior.input?.(msg as Message, send as Send);
      } catch (error) {
        reject(error, done);
        return;
      }
      // Fast path: a synchronous node needs no promise and no callbacks.
      if (result instanceof Promise)
        settle(
          result,
          () => complete(done),
          (error) => reject(error, done),
        );
      else complete(done);
    });
    closeOnRequest(context, {
      close(removed) {
        restarting = !removed;
        return behavior.close?.(removed);
      },
    });
    receiveLate(this);
  }
  RED.nodes.registerType(type, NodeOfType as never);
}

/**
 * Registers a config node whose service other nodes get from `NodeContext.config`.
 * @param setup creates the service. If it throws, the config node logs the error, and each node that uses it fails
 *   with the Problem "config-invalid"
 */
export function defineConfig<Def extends NodeDef, Service extends Closable>(
  RED: NodeAPI,
  type: string,
  setup: (context: NodeContext, def: Def, credentials: Record<string, string | undefined>) => Service,
  credentials: Credentials,
): void {
  watchStoredSecrets(RED);
  function NodeOfType(this: ConfigNode<Service>, def: Def): void {
    RED.nodes.createNode(this, def);
    this.users = {};
    const context = new NodeContext(RED, this);
    try {
      this.service = setup(context, def, (this.credentials ?? {}) as Record<string, string | undefined>);
    } catch (error) {
      this.problem = withSecretsCause(error);
      this.warn(sentence(RED, this.problem));
    }
    closeOnRequest(context, this.service ?? {});
  }
  RED.nodes.registerType(type, NodeOfType as never, { credentials } as never);
}

function start(context: NodeContext, setup: () => NodeBehavior): NodeBehavior {
  try {
    return setup();
  } catch (error) {
    context.showError(error);
    // Node-RED creates the flow's Catch nodes in the same turn as this node.
    setImmediate(() => context.fail(error));
    return {
      input: () => {
        throw error;
      },
    };
  }
}

/** Calls exactly one of the two callbacks. */
function settle(result: Promise<void>, onResolved: () => void, onRejected: (error: unknown) => void): void {
  result
    .then(onResolved, onRejected)
    .catch(onRejected)
    // Code that hooks into `done` may throw; an unhandled rejection would end Node-RED.
    .catch(() => {});
}
