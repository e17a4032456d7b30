import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red';
import { Problem } from '../util/problem';
import { nodeError, sentence, shortSentence } from './sentences';
import { failing, type LiveStatus, type Status, StatusLight } from './status';

/** A config node as the working nodes see it. */
export interface ConfigNode<Service> extends Node {
  users: Record<string, Node>;
  service?: Service;
  problem?: unknown;
}

/** What a node's own code sees of Node-RED: its status, log, Catch nodes and config nodes. */
export class NodeContext {
  private readonly light: StatusLight;
  private readonly registries: Array<Record<string, Node>> = [];

  constructor(
    readonly RED: NodeAPI,
    readonly node: Node,
  ) {
    this.light = new StatusLight(node);
  }

  get id(): string {
    return this.node.id;
  }

  /** A text of the node's own catalogue, in the server's language. */
  words(key: string, params: Record<string, string | number> = {}): string {
    return this.RED._(`${this.node.type}.${key}`, params as Record<string, string>);
  }

  /** Shows a status, at most two a second. */
  status(status: Status | LiveStatus): void {
    this.light.show(status);
  }

  /** A red ring with the problem in a few words. */
  showError(thrown: unknown): void {
    this.light.show(failing(shortSentence(this.RED, thrown)));
  }

  /** Sends from a source, or outside of an input's turn: one entry an output, null for none. */
  send(outputs: Array<NodeMessageInFlow | Record<string, unknown> | null>): void {
    this.node.send(outputs as NodeMessageInFlow[]);
  }

  /** Hands a failure to the Catch nodes, with the message it belongs to; logs it when nobody catches. */
  fail(thrown: unknown, msg: object = {}): void {
    this.node.error(nodeError(this.RED, thrown) as unknown as string, msg as NodeMessageInFlow);
  }

  /** One line in Node-RED's log and the debug sidebar. */
  warn(thrown: unknown): void {
    this.node.warn(sentence(this.RED, thrown));
  }

  /** One line in Node-RED's log. */
  log(text: string): void {
    this.node.log(text);
  }

  /**
   * The service of a config node, for as long as this node lives.
   * @param id the id saved in this node's property
   * @param type the config node's type, e.g. "kafka-cluster"
   * @throws Problem when none is chosen, or it is gone, disabled or cannot be used
   */
  config<Service>(id: string | undefined, type: string): Service {
    if (!id) throw new Problem('no-config', { what: type });
    const found = this.RED.nodes.getNode(id) as ConfigNode<Service> | null | undefined;
    if (!found) throw new Problem('config-missing', { what: type });
    if (found.type !== type) throw new Problem('config-other-type', { what: type });
    // Node-RED reads `users` to carry a config node's errors and statuses to its users' Catch and Status nodes.
    found.users[this.id] = this.node;
    this.registries.push(found.users);
    if (found.service === undefined) {
      throw new Problem('config-invalid', { what: type }, { cause: found.problem });
    }
    return found.service;
  }

  /** Takes this node out of its config nodes and ends the status timer. */
  close(): void {
    this.light.close();
    for (const users of this.registries) delete users[this.id];
  }
}
