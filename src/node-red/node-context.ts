import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import type { Variable } from '../util/env-variable';
import { Problem } from '../util/problem';
import { nodeError, sentence, statusText } from './sentences';
import { errorStatus, type LiveStatus, type Status, StatusLight } from './status';
import { variablesOf } from './variables';

/** A config node: its service, or the error that prevented it, and the nodes that use it. */
export interface ConfigNode<Service> extends Node {
  users: Record<string, Node>;
  service?: Service;
  problem?: unknown;
}

/** A node's access to Node-RED: its status, log, Catch nodes and config nodes. */
export class NodeContext {
  /** The environment variables as this node sees them. */
  readonly variable: Variable;
  private readonly light: StatusLight;
  private readonly configUsers: Array<Record<string, Node>> = [];

  constructor(
    readonly RED: NodeAPI,
    readonly node: Node,
  ) {
    this.light = new StatusLight(node, (key) => RED._(key));
    this.variable = variablesOf(RED, node);
  }

  get id(): string {
    return this.node.id;
  }

  /** Returns a text of the node type's catalogue in the server's language. */
  words(key: string, params: Record<string, string | number> = {}): string {
    return this.RED._(`${this.node.type}.${key}`, params as Record<string, string>);
  }

  /** Shows a status; at most two per second reach the editor. */
  status(status: Status | LiveStatus): void {
    this.light.show(status);
  }

  /** Shows a red ring with the error in a few words. */
  showError(thrown: unknown): void {
    this.light.show(errorStatus(statusText(this.RED, thrown)));
  }

  /** Sends outside of `input`, as a source does: one entry per output, null for no message. */
  send(outputs: Array<NodeMessageInFlow | Record<string, unknown> | null>): void {
    this.node.send(outputs as NodeMessageInFlow[]);
  }

  /** Reports an error and its message to the Catch nodes; Node-RED logs it if no Catch node handles it. */
  fail(thrown: unknown, msg: object = {}): void {
    this.node.error(nodeError(this.RED, thrown), msg as NodeMessageInFlow);
  }

  /** Writes a warning to Node-RED's log and the debug sidebar. */
  warn(thrown: unknown): void {
    this.node.warn(sentence(this.RED, thrown));
  }

  /** Writes a line to Node-RED's log. */
  log(text: string): void {
    this.node.log(text);
  }

  /**
   * Returns the service of a config node and registers this node as its user until it closes.
   * @param id the config node's id, as saved in this node's property
   * @param type the config node's type, e.g. "kafka-cluster"
   * @throws Problem "no-config", "config-missing" (also if it is disabled), "config-other-type", or
   *   "config-invalid" with the config node's own error as its cause
   */
  config<Service>(id: string | undefined, type: string): Service {
    if (!id) throw new Problem('no-config', { what: type });
    const found = this.RED.nodes.getNode(id) as ConfigNode<Service> | null | undefined;
    if (!found) throw new Problem('config-missing', { what: type });
    if (found.type !== type) throw new Problem('config-other-type', { what: type });
    // Node-RED reads `users`: it sends a config node's errors and statuses to the Catch and Status nodes of its users.
    found.users[this.id] = this.node;
    this.configUsers.push(found.users);
    if (found.service === undefined) {
      throw new Problem('config-invalid', { what: type }, { cause: found.problem });
    }
    return found.service;
  }

  /** Unregisters this node from its config nodes and stops the status timer. */
  close(): void {
    this.light.close();
    for (const users of this.configUsers) delete users[this.id];
  }
}
