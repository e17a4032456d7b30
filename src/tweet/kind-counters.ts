import { shortNumber } from '../util/short-number';
import { KINDS, type Kind } from './kinds';

/** How many messages there were of each kind, of no kind, and in all. */
export type Counts = Record<Kind | 'unknown' | 'total', number> & {
  /** When counting began, in epoch milliseconds. */
  since: number;
};

/** Direct messages are "dm" here: two names and their counts fit into the 32 characters of a status. */
const SHORT: Partial<Record<Kind, string>> = { direct_message: 'dm' };

/** Counts messages by kind. */
export class KindCounters {
  private readonly since = Date.now();
  /** In the order of the kinds. */
  private readonly known = KINDS.map(() => 0);
  private unknown = 0;

  /** Counts a message; undefined is one of no kind. */
  add(kind: Kind | undefined): void {
    if (kind === undefined) this.unknown++;
    else this.count(KINDS.indexOf(kind));
  }

  counts(): Counts {
    const known = Object.fromEntries(KINDS.map((kind) => [kind, this.of(kind)])) as Record<Kind, number>;
    const total = this.known.reduce((sum, count) => sum + count, this.unknown);
    return { ...known, unknown: this.unknown, total, since: this.since };
  }

  /** The two most frequent kinds, "tweet 1.2k · retweet 800", in at most 32 characters; "" before the first message. */
  summary(): string {
    return KINDS.filter((kind) => this.of(kind) > 0)
      .sort((a, b) => this.of(b) - this.of(a))
      .slice(0, 2)
      .map((kind) => `${SHORT[kind] ?? kind} ${shortNumber(this.of(kind))}`)
      .join(' · ');
  }

  private count(output: number): void {
    this.known[output] = (this.known[output] ?? 0) + 1;
  }

  private of(kind: Kind): number {
    return this.known[KINDS.indexOf(kind)] ?? 0;
  }
}
