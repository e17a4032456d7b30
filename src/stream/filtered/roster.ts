import type { StreamRecord } from '../connect/outages';
import type { StopReason } from '../source';
import { Handover } from './handover';
import { type Subscriber, Subscription } from './subscription';

/** The nodes of a stream, also those that a deploy has closed and may start again. */
export class Roster {
  /** Set during a deploy. */
  handover?: Handover;
  private readonly open = new Map<string, Subscription>();

  /**
   * @param record its `nodes` are kept, because after a restart they have missed posts
   * @param onHandoverEnd called when the nodes that are still closed will not start
   */
  constructor(
    private readonly record: StreamRecord,
    private readonly onHandoverEnd: () => void,
  ) {}

  /** The nodes that are not closed. */
  get all(): Subscription[] {
    return [...this.open.values()];
  }

  /** The nodes that are not closed and have a rule at X. */
  get receiving(): Subscription[] {
    return this.all.filter(({ active }) => active);
  }

  /** The nodes whose rules stay at X: those of a deploy too. */
  get wanted(): Subscription[] {
    return [...(this.handover?.parked.values() ?? []), ...this.open.values()];
  }

  /** The wanted nodes that have a rule at X. */
  get active(): Subscription[] {
    return this.wanted.filter(({ active }) => active);
  }

  /** Adds a node, or replaces its subscriber. */
  add(subscriber: Subscriber): void {
    const { node } = subscriber;
    const { record, handover } = this;
    const parked = handover?.parked.get(node);
    const wasConnected = record.stopped !== true && record.nodes.includes(node);
    handover?.parked.delete(node);
    handover?.joined.add(node);
    this.open.set(node, new Subscription(subscriber, wasConnected, parked));
    if (!record.nodes.includes(node)) record.nodes.push(node);
  }

  /** Removes a node; one that may start again is parked. @returns whether it was there */
  remove(node: string, how: StopReason): boolean {
    const subscription = this.open.get(node);
    if (!subscription) return false;
    this.open.delete(node);
    if (how !== 'close') this.forget([node]);
    if (how === 'stop') return true;
    this.handover ??= new Handover(this.onHandoverEnd);
    this.handover.joined.delete(node);
    if (how === 'close') this.handover.parked.set(node, subscription);
    return true;
  }

  /** Node-RED stops flows: the nodes receive nothing until it has started them. */
  flowsStopping(): void {
    if (this.open.size === 0) return;
    this.handover ??= new Handover(this.onHandoverEnd);
    this.handover.flowsStopping();
    for (const node of this.open.keys()) this.handover.joined.add(node);
  }

  /** Ends the handover; nodes that are still closed are gone. Those of a process that ends are kept for the next one. */
  endHandover(): void {
    const { handover } = this;
    handover?.close();
    this.handover = undefined;
    if (this.open.size > 0) this.forget([...(handover?.parked.keys() ?? [])]);
  }

  clear(): void {
    this.handover?.close();
    this.handover = undefined;
    this.open.clear();
  }

  private forget(nodes: string[]): void {
    this.record.nodes = this.record.nodes.filter((node) => !nodes.includes(node));
  }
}
