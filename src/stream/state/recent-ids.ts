const maxDigits = 27;
/** Each part of an id fits into a double exactly. */
const lowDigits = 13;
const empty = -1;

/**
 * The last ids of a stream, to recognise posts that come twice. Ids are decimal, with up to 27 digits; of other ids none is
 * remembered. Typed arrays instead of strings: 2.7 MB for 100,000 ids.
 *
 * A ring has the ids in their order; a hash table with linear probing has their places in the ring.
 */
export class RecentIds {
  private high: Float64Array;
  private low: Float64Array;
  private table: Int32Array;
  private mask: number;
  /** Number of ids ever added; the next place is this modulo the capacity. */
  private added = 0;

  /** @param capacity how many ids are remembered, at least 1 */
  constructor(readonly capacity: number) {
    this.high = new Float64Array(capacity);
    this.low = new Float64Array(capacity);
    let slots = 4;
    // At most half full, so that probing is short.
    while (slots < capacity * 2) slots *= 2;
    this.table = new Int32Array(slots).fill(empty);
    this.mask = slots - 1;
  }

  /** How many ids are remembered. */
  get size(): number {
    return Math.min(this.added, this.capacity);
  }

  /** Whether an id is among the last ones. */
  has(id: string): boolean {
    const parts = partsOf(id);
    return parts !== undefined && this.table[this.slotOf(parts[0], parts[1])] !== empty;
  }

  /**
   * Adds an id, unless it is there.
   * @returns how many ids ago it was added, 1 for the last one; undefined for a new one
   */
  add(id: string): number | undefined {
    const parts = partsOf(id);
    if (!parts) return undefined;
    const [high, low] = parts;
    const place = this.table[this.slotOf(high, low)] as number;
    if (place !== empty) return this.agoOf(place);
    const next = this.added % this.capacity;
    if (this.added >= this.capacity) this.remove(next);
    this.high[next] = high;
    this.low[next] = low;
    this.table[this.slotOf(high, low)] = next;
    this.added++;
    return undefined;
  }

  private agoOf(place: number): number {
    const last = (this.added - 1) % this.capacity;
    return ((last - place + this.capacity) % this.capacity) + 1;
  }

  /** The slot of an id, or the empty one where it belongs. */
  private slotOf(high: number, low: number): number {
    const { table, mask } = this;
    let slot = hash(high, low) & mask;
    for (;;) {
      const place = table[slot] as number;
      if (place === empty || (this.high[place] === high && this.low[place] === low)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /** Empties a slot and moves those behind it, which would not be found beyond an empty one. */
  private remove(place: number): void {
    const { table, mask } = this;
    let gap = this.slotOf(this.high[place] as number, this.low[place] as number);
    for (let slot = (gap + 1) & mask; table[slot] !== empty; slot = (slot + 1) & mask) {
      const moved = table[slot] as number;
      const home = hash(this.high[moved] as number, this.low[moved] as number) & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      table[gap] = moved;
      gap = slot;
    }
    table[gap] = empty;
  }
}

/** The digits of an id in two numbers; with a 1 in front, so that leading zeros count. */
function partsOf(id: string): [number, number] | undefined {
  const { length } = id;
  if (length === 0 || length > maxDigits) return undefined;
  const cut = length - lowDigits;
  let high = 1;
  let low = 1;
  for (let at = 0; at < length; at++) {
    const digit = id.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    if (at < cut) high = high * 10 + digit;
    else low = low * 10 + digit;
  }
  return [high, low];
}

function hash(high: number, low: number): number {
  let mixed =
    Math.imul((low % 0x1_0000_0000) | 0, 0x9e3779b1) ^ Math.imul((low / 0x1_0000_0000) | 0, 0x85ebca6b);
  mixed = Math.imul(mixed ^ ((high % 0x1_0000_0000) | 0), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
