import type { Gap } from '../connect/outages';
import { matchingRules } from '../filtered/dispatcher';
import type { StreamLine } from '../stream-line';
import type { XFailure } from '../x/failure';
import type { InterruptedNodes } from './interrupted-nodes';
import { Pause } from './pause';
import type { RecoveryParts } from './recovery-parts';
import { RecoveryStream } from './recovery-stream';
import { RepeatedPosts } from './repeated-posts';
import { sentence } from './sentences';

/** X repeats at most this much on a new connection. */
const backfillMs = 5 * 60_000;
/** X has posts of this time for a second connection. */
const recoveryMs = 24 * 3600_000;
/** See StreamRequestBuilder: X delivers a post up to 7 s after its creation. */
const latencyMs = 10_000;
/** Lines of the second connection that are buffered for nodes that a deploy starts. */
const maxBuffered = 10_000;

/**
 * Follows the posts of one outage that X sends again: on the new connection, and those of a longer outage on a second one. Then
 * it reports the outage.
 */
export class BackfillRecovery {
  private readonly repeated: RepeatedPosts;
  private readonly pause = new Pause();
  private stream?: RecoveryStream;
  private buffered: StreamLine[] = [];
  private readonly notRecovered: string[] = [];
  private finished = false;
  private isDropped = false;
  private isClosed = false;

  /**
   * @param aheadMs how much X's clock is ahead of the local one, ms
   * @param accepted X repeats posts on the new connection; without it nothing is fetched
   */
  constructor(
    private readonly parts: RecoveryParts,
    private readonly gap: Gap,
    private readonly nodes: InterruptedNodes,
    private readonly aheadMs: number,
    accepted: boolean,
  ) {
    this.repeated = new RepeatedPosts(gap.to + aheadMs, () => this.ended());
    if (!accepted) {
      this.repeated.stop();
      this.notRecovered.push(sentence('recover-backfill-rejected'));
      this.finish();
      return;
    }
    this.openStream();
    this.showState();
  }

  /** A line of the new connection, before it is dispatched. */
  receive(line: StreamLine): void {
    const { kind, recent, dispatcher } = this.parts;
    this.repeated.line();
    const value = line.valueIfJson;
    const id = kind.postId(value);
    if (id === undefined || !this.repeated.isRepeated(id) || recent.has(id)) return;
    const { open, parked } = this.nodes;
    const receivers = dispatcher.receivers(matchingRules(line), [...open, ...parked]);
    this.nodes.countRecovered(receivers);
    this.nodes.countCost(receivers);
  }

  /** Bytes came on the new connection. */
  alive(): void {
    this.repeated.alive();
  }

  /** The connection has ended: reports what came until now. */
  dropped(): void {
    this.isDropped = true;
    this.end();
    if (this.finished) return;
    this.notRecovered.push(sentence('recover-interrupted'));
    this.finish();
  }

  /** Ends without a report. */
  close(): void {
    this.isClosed = true;
    this.end();
  }

  private end(): void {
    this.repeated.stop();
    this.stream?.close();
    this.stream = undefined;
  }

  private openStream(): void {
    const { app, kind, connects, fields } = this.parts;
    const { from, to } = this.gap;
    if (to - from + latencyMs <= backfillMs) return;
    const earliest = to - recoveryMs;
    if (from - latencyMs < earliest) this.notRecovered.push(sentence('recover-before-day'));
    this.stream = new RecoveryStream({
      app,
      kind,
      fields: fields(),
      connects,
      from: Math.max(from - latencyMs, earliest) + this.aheadMs,
      to: to + this.aheadMs,
      onLine: (line) => this.receiveOld(line),
      onEnd: (failure) => this.streamEnded(failure),
    });
  }

  private receiveOld(line: StreamLine): void {
    if (this.parts.kind.postId(line.valueIfJson) === undefined) return;
    if (this.nodes.starting.length > 0) {
      if (this.buffered.length < maxBuffered) this.buffered.push(line.copy());
      else if (this.buffered.length === maxBuffered) this.notRecovered.push(sentence('recover-interrupted'));
      return;
    }
    this.release();
    this.deliver(line);
  }

  private release(): void {
    const { buffered } = this;
    this.buffered = [];
    for (const line of buffered) this.deliver(line);
  }

  private deliver(line: StreamLine): void {
    const receivers = this.parts.deliver(line, this.nodes.open, 'backfill');
    this.nodes.countRecovered(receivers);
    this.nodes.countCost(receivers);
  }

  private streamEnded(failure: XFailure | undefined): void {
    this.stream = undefined;
    if (failure) this.notRecovered.push(sentence('recover-stream-failed', {}, failure));
    this.ended();
  }

  /** One of the connections has sent what it repeats. */
  private ended(): void {
    if (this.repeated.over && !this.stream && !this.finished) this.finish();
  }

  private finish(): void {
    this.finished = true;
    if (this.nodes.starting.length === 0) this.report();
    else void this.nodes.untilStarted((ms) => this.pause.sleep(ms)).then(() => this.report());
  }

  private report(): void {
    if (this.isClosed) return;
    this.release();
    this.nodes.report(this.gap, 'backfill', () => this.notRecovered);
    if (!this.isDropped) this.nodes.setState({ state: 'connected' });
  }

  private showState(): void {
    const { from, to } = this.gap;
    this.nodes.setState({ state: 'recovering', from, to });
  }
}
