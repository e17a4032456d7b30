import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { lineOf, type SearchPage } from './search-page';

/** A rule of the App that search found posts for. */
export interface FoundBy {
  id: string;
  tag: string;
}

/** One post, as a line of the stream. */
export interface FoundPost {
  id: string;
  line: Buffer;
}

interface Entry {
  id: string;
  page: number;
  place: number;
  rules: FoundBy[];
}

/** Pages are compressed at the speed at which they arrive, not to the smallest size. */
const compression = { level: 1 };
const linesAtOnce = 2000;

/**
 * Collects the posts of many pages, which come newest first and for one rule after the other, and returns each post once,
 * oldest first. Pages are kept compressed: about 1 KB for each post with all fields.
 */
export class FoundPosts {
  private readonly entries = new Map<string, Entry>();
  private readonly pages: Buffer[] = [];

  /** How many posts were found. */
  get size(): number {
    return this.entries.size;
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  /** Adds a page of the posts that a rule matched. @returns how many of them are new */
  add(rule: FoundBy, { posts, includes, errors }: SearchPage): number {
    const added = [];
    for (const post of posts) {
      const entry = this.entries.get(post.id);
      if (!entry) {
        const place = added.push(post) - 1;
        this.entries.set(post.id, { id: post.id, page: this.pages.length, place, rules: [rule] });
      } else if (!entry.rules.some(({ id }) => id === rule.id)) entry.rules.push(rule);
    }
    if (added.length > 0) {
      const page = JSON.stringify({ posts: added, includes, errors });
      this.pages.push(deflateRawSync(page, compression));
    }
    return added.length;
  }

  /**
   * The posts in groups, oldest first, each with all its rules; forgets them meanwhile.
   * @param turn resolves when other work of the process has had its turn; called between pages
   */
  async *oldestFirst(turn: () => Promise<void>): AsyncGenerator<FoundPost[]> {
    const sorted = [...this.entries.values()].sort((one, other) => compareIds(one.id, other.id));
    for (let at = 0; at < sorted.length; at += linesAtOnce) {
      yield await this.linesOf(sorted.slice(at, at + linesAtOnce), turn);
    }
    this.entries.clear();
    this.pages.length = 0;
  }

  private async linesOf(entries: Entry[], turn: () => Promise<void>): Promise<FoundPost[]> {
    const lines = new Map<string, Buffer>();
    const byPage = new Map<number, Entry[]>();
    for (const entry of entries) byPage.set(entry.page, [...(byPage.get(entry.page) ?? []), entry]);
    for (const [number, inPage] of byPage) {
      const page = this.page(number);
      for (const { id, place, rules } of inPage) {
        const post = page.posts[place];
        if (post) lines.set(id, lineOf(post, page, rules));
      }
      await turn();
    }
    return entries.flatMap(({ id }) => {
      const line = lines.get(id);
      return line ? [{ id, line }] : [];
    });
  }

  private page(number: number): SearchPage {
    return JSON.parse(inflateRawSync(this.pages[number] ?? Buffer.alloc(0)).toString('utf8'));
  }
}

/** Compares decimal ids by their value. */
export function compareIds(one: string, other: string): number {
  const [a, b] = [BigInt(one), BigInt(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}
