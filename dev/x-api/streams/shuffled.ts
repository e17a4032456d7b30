import type { Random } from '../generator/random';
import type { Item, Source } from './sources';

/** Repeats some items of a source and swaps some neighbours, as X may. */
export class Shuffled implements Source {
  private readonly held: Item[] = [];
  private readonly repeats: Item[] = [];

  constructor(
    private readonly source: Source,
    private readonly random: Random,
    private readonly shares: { duplicate: number; reorder: number },
  ) {}

  next(): Item | 'nothing' | 'end' {
    const { random, shares } = this;
    const repeat = this.repeats[0];
    // A repeat comes some items after the first.
    if (repeat && random.chance(0.3)) {
      this.repeats.shift();
      return repeat;
    }
    const item = this.held.shift() ?? this.source.next();
    if (typeof item === 'string') return this.repeats.shift() ?? item;
    if (this.held.length === 0 && random.chance(shares.reorder)) {
      const later = this.source.next();
      if (typeof later !== 'string') {
        this.held.push(item);
        return this.noted(later);
      }
    }
    return this.noted(item);
  }

  private noted(item: Item): Item {
    if (this.random.chance(this.shares.duplicate))
      this.repeats.push('post' in item ? { ...item, again: true } : item);
    return item;
  }
}
