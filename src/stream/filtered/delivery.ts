import { within } from '../../util/within';
import { LeftOut } from '../connect/left-out';
import type { Outages } from '../connect/outages';
import { FieldWatch } from '../request/field-watch';
import type { Query } from '../request/fields';
import type { SourceKind } from '../source-kind';
import type { DayCounters } from '../state/day-counters';
import type { RecentIds } from '../state/recent-ids';
import type { StreamLine } from '../stream-line';
import { type Dispatcher, matchingRules } from './dispatcher';
import type { Handover } from './handover';
import type { Roster } from './roster';
import type { Subscription } from './subscription';

export interface DeliveryOptions {
  kind: SourceKind;
  dispatcher: Dispatcher;
  recent: RecentIds;
  outages: Outages;
  counters: DayCounters;
  /** Lists the App's rules again; may reject. */
  listRules(): Promise<unknown>;
  roster: Roster;
  /** The fields that were requested. */
  fields(): Query;
}

/** A post with an unknown rule waits for the App's list of rules, at most this long. */
const listMs = 5000;
/** Another client that changes its rules all the time must not use up the requests. */
const listEveryMs = 5000;

/** Sends each message of a stream to the nodes that it is for: once, and in order. */
export class Delivery {
  private readonly leftOut = new LeftOut();
  private readonly fieldWatch = new FieldWatch();
  private listing?: Promise<unknown>;
  private listedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: DeliveryOptions) {}

  /** A connection opened. */
  opened(): void {
    this.leftOut.opened();
  }

  /** A line of the stream. */
  receive(line: StreamLine): void {
    const { dispatcher } = this.options;
    const value = line.valueIfJson;
    this.watch(value);
    const ids = matchingRules(line);
    if (ids.length > 0 && dispatcher.hasUnknown(ids)) this.listFirst(line, ids);
    else this.dispatch(line, ids);
  }

  /** Sends the lines that were buffered in a deploy to the nodes that it has started. */
  release(handover: Handover): void {
    const { roster, dispatcher, outages } = this.options;
    const joined = roster.receiving.filter(({ node }) => handover.joined.has(node));
    for (const { line, ids, id, ago } of handover.take()) {
      this.send(line, id, ago, dispatcher.receivers(ids, joined));
    }
    const { lostFrom } = handover;
    handover.lostFrom = undefined;
    handover.joined.clear();
    if (lostFrom === undefined) return;
    const gap = { from: lostFrom, to: Date.now(), lastId: outages.record.lastId, cause: 'deploy' };
    for (const subscription of joined) subscription.gap(gap);
  }

  /**
   * Sends a post that was fetched after an outage, unless the nodes have it.
   * @returns the nodes that received it
   */
  recovered(line: StreamLine, receivers: Subscription[], by: 'search' | 'backfill'): Subscription[] {
    const { kind, recent, counters } = this.options;
    const value = line.valueIfJson;
    const id = kind.postId(value);
    if (id === undefined || recent.has(id)) return [];
    const ids = matchingRules(line);
    const active = receivers.filter((receiver) => receiver.active && receiver.subscriber.mayReceive());
    const matched = this.options.dispatcher.receivers(ids, active);
    if (matched.length === 0) return [];
    recent.add(id);
    counters.recovered(value);
    for (const { output } of matched) output.onMessage(line, by === 'search' ? by : undefined);
    return matched;
  }

  /** Reports what a message says about the stream: posts that X left out, fields that it has renamed. */
  private watch(value: unknown): void {
    const { kind, fields, roster } = this.options;
    const missed = this.leftOut.increase(kind.leftOut(value));
    const now = Date.now();
    if (missed > 0) {
      for (const { output } of roster.receiving) {
        output.onEvent({ event: 'limit', from: now, to: now, cause: 'limit notice', missed });
      }
    }
    const warning = kind.version === 2 ? this.fieldWatch.check(value, fields()) : undefined;
    if (warning) roster.receiving[0]?.output.onWarning(warning);
  }

  private dispatch(line: StreamLine, ids: string[]): void {
    const { dispatcher, roster, kind, recent } = this.options;
    const live = roster.receiving;
    const deploy = roster.handover;
    const starting = deploy
      ? [...deploy.parked.values(), ...roster.all.filter(({ node }) => deploy.joined.has(node))]
      : [];
    const buffers = deploy !== undefined && dispatcher.receivers(ids, starting).length > 0;
    const others = deploy ? live.filter(({ node }) => !deploy.joined.has(node)) : live;
    const receivers = dispatcher.receivers(ids, others);
    if (buffers && receivers.length === 0 && deploy.isFull(line)) return;
    const id = kind.postId(line.valueIfJson);
    const ago = id === undefined ? undefined : recent.add(id);
    this.count(line, ids, id !== undefined && ago === undefined, buffers || receivers.length > 0);
    this.send(line, id, ago, receivers);
    if (buffers && !deploy.isFull(line)) deploy.buffer({ line: line.copy(), ids, id, ago });
  }

  private count(line: StreamLine, ids: string[], isNewPost: boolean, isOurs: boolean): void {
    const { counters, dispatcher, roster } = this.options;
    if (isNewPost && isOurs) counters.delivered(line.valueIfJson);
    else if (isNewPost) counters.foreign();
    if (!isOurs) dispatcher.warnOfForeign(ids, roster.all[0]);
  }

  /** @param ago how many posts ago the same one came; undefined: it is new */
  private send(
    line: StreamLine,
    id: string | undefined,
    ago: number | undefined,
    receivers: Subscription[],
  ): void {
    if (receivers.length === 0) return;
    if (id !== undefined) this.options.outages.delivered(id);
    for (const { subscriber } of receivers) {
      const duplicate = ago !== undefined && ago <= subscriber.dedupe;
      if (!duplicate) subscriber.output.onMessage(line);
    }
  }

  private listFirst(line: StreamLine, ids: string[]): void {
    const now = performance.now();
    if (!this.listing && now - this.listedAt >= listEveryMs) {
      this.listedAt = now;
      this.listing = within(this.options.listRules(), listMs, () => {})
        .catch(() => {})
        .finally(() => {
          this.listing = undefined;
        });
    }
    // The line's bytes are part of a chunk that changes hands.
    const copy = line.copy();
    void Promise.resolve(this.listing).then(() => {
      this.options.dispatcher.setMissing(ids);
      this.dispatch(copy, ids);
    });
  }
}
