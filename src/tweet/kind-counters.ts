import { KINDS, type Kind } from './kinds';

/** The number of messages of each kind, of unknown messages, and of all messages. */
export type Counts = Record<Kind | 'unknown' | 'total', number> & {
  /** The start of counting, in epoch milliseconds. */
  since: number;
};

/** Counts messages by kind. */
export class KindCounters {
  private readonly since = Date.now();
  /** By output, in the order of the kinds. */
  private readonly known = KINDS.map(() => 0);
  private unknown = 0;

  /** Counts a message; undefined is an unknown message. */
  add(kind: Kind | undefined): void {
    if (kind === undefined) this.unknown++;
    else this.increment(KINDS.indexOf(kind));
  }

  counts(): Counts {
    const known = Object.fromEntries(KINDS.map((kind) => [kind, this.countOf(kind)])) as Record<Kind, number>;
    const total = this.known.reduce((sum, count) => sum + count, this.unknown);
    return { ...known, unknown: this.unknown, total, since: this.since };
  }

  private increment(output: number): void {
    this.known[output] = (this.known[output] ?? 0) + 1;
  }

  private countOf(kind: Kind): number {
    return this.known[KINDS.indexOf(kind)] ?? 0;
  }
}
