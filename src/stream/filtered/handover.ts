import type { StreamLine } from '../stream-line';
import type { Subscription } from './subscription';

/** A line for nodes that a deploy has closed and not started yet. */
export interface BufferedLine {
  line: StreamLine;
  /** Ids of the rules that it matched. */
  ids: string[];
  /** Of the post, if it is one. */
  id: string | undefined;
  /** How many posts ago the same one came; undefined: it is new. */
  ago: number | undefined;
}

/** Node-RED waits up to 15 s for the other nodes to close. */
const longestMs = 20_000;
const afterStartMs = 2_000;
const maxBytes = 16 * 1024 * 1024;

/**
 * Keeps a stream open during a deploy: nodes are closed and started again, and what arrives in between is buffered for them, and
 * for the nodes that stay, because what these send to closed nodes would be lost. It ends when all have started, 2 s after
 * Node-RED has started the flows, or after 20 s.
 */
export class Handover {
  /** The subscriptions of the closed nodes, by node. */
  readonly parked = new Map<string, Subscription>();
  /** The nodes that have started since, or were not closed; they get the buffered lines of their rules. */
  readonly joined = new Set<string>();
  /** Node-RED is stopping flows, or has stopped them: its nodes receive nothing. */
  flowsStopped = false;
  /** When the first line came that did not fit, epoch ms. */
  lostFrom?: number;
  private lines: BufferedLine[] = [];
  private bytes = 0;
  private timer?: NodeJS.Timeout;

  /** @param onEnd called once: the nodes that are still parked will not start */
  constructor(private readonly onEnd: () => void) {
    this.endIn(longestMs);
  }

  /** Lines are buffered that no node has received yet. */
  get buffering(): boolean {
    return this.lines.length > 0;
  }

  /** Node-RED stops flows. */
  flowsStopping(): void {
    this.flowsStopped = true;
    this.endIn(longestMs);
  }

  /** Node-RED has started the flows. */
  flowsStarted(): void {
    this.flowsStopped = false;
    this.endIn(afterStartMs);
  }

  /** Whether a line does not fit any more; then it is lost, and so are the later ones. */
  isFull(line: StreamLine): boolean {
    if (this.bytes + line.bytes.length > maxBytes) this.lostFrom ??= Date.now();
    return this.lostFrom !== undefined;
  }

  buffer(buffered: BufferedLine): void {
    this.bytes += buffered.line.bytes.length;
    this.lines.push(buffered);
  }

  /** Empties the buffer. */
  take(): BufferedLine[] {
    const { lines } = this;
    this.lines = [];
    this.bytes = 0;
    return lines;
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private endIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.flowsStopped = false;
      this.onEnd();
    }, ms);
    this.timer.unref();
  }
}
