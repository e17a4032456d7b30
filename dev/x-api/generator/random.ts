/** Seeded random numbers (sfc32, seeded by splitmix32). */
export class Random {
  private readonly state: [number, number, number, number];

  constructor(seed: number) {
    let mixed = seed | 0;
    const word = () => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let value = mixed ^ (mixed >>> 16);
      value = Math.imul(value, 0x21f0aaad);
      value ^= value >>> 15;
      value = Math.imul(value, 0x735a2d97);
      return value ^ (value >>> 15);
    };
    this.state = [word(), word(), word(), word()];
  }

  /** A number in [0, 1). */
  next(): number {
    const s = this.state;
    const sum = (((s[0] + s[1]) | 0) + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    s[2] |= 0;
    return (sum >>> 0) / 0x100000000;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** An integer in [from, to]. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** A log-uniform integer: many small ones, few large ones. */
  skewed(from: number, to: number): number {
    return Math.min(to, Math.floor(Math.exp(this.next() * Math.log(to - from + 2))) - 1 + from);
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.next() * list.length)];
    if (item === undefined) throw new Error('Cannot pick from an empty list.');
    return item;
  }

  /** Picks by weight; weights need not sum to one. */
  weighted<T extends { share: number }>(list: readonly T[]): T {
    let left = this.next() * list.reduce((sum, item) => sum + item.share, 0);
    for (const item of list) {
      left -= item.share;
      if (left < 0) return item;
    }
    return this.pick(list);
  }

  /** A string of `length` characters from `alphabet`. */
  text(length: number, alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'): string {
    let text = '';
    while (text.length < length) text += alphabet[this.int(0, alphabet.length - 1)];
    return text;
  }
}
