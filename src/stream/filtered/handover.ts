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
 * Keeps a stream open during a deploy: nodes are closed and started again, and what arrives in between is buffered for them. It
 * ends when all have started, 2 s after Node-RED has started the flows, or after 20 s.
 */
export class Handover {
  /** The subscriptions of the closed nodes, by node. */
  readonly parked = new Map<string, Subscription>();
  /** The nodes that have started since; they get the buffered lines of their rules. */
  readonly joined = new Set<string>();
  /** When the first line came that did not fit, epoch ms. */
  lostFrom?: number;
  private lines: BufferedLine[] = [];
  private bytes = 0;
  private timer: NodeJS.Timeout;

  /** @param onEnd called once: the nodes that are still parked will not start */
  constructor(private readonly onEnd: () => void) {
    this.timer = setTimeout(onEnd, longestMs);
    this.timer.unref();
  }

  /** Lines are buffered that no node has received yet. */
  get buffering(): boolean {
    return this.lines.length > 0;
  }

  /** Node-RED has started the flows. */
  flowsStarted(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onEnd, afterStartMs);
    this.timer.unref();
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
}
