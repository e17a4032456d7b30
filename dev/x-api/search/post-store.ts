import { snowflakeTime } from '../generator/snowflake';
import type { PostItem } from '../streams/sources';

export interface StoreOptions {
  /** How long posts are kept for search and backfill [1 h]. */
  keepPostsMs?: number;
  /** How many are kept at most [10000]. */
  keepPosts?: number;
}

/** The generated posts, for search, backfill and recovery. */
export class PostStore {
  private readonly posts: PostItem[] = [];
  private first = 0;

  constructor(
    private readonly now: () => number,
    private readonly options: StoreOptions,
  ) {}

  add(item: PostItem): void {
    const { keepPostsMs = 3_600_000, keepPosts = 10_000 } = this.options;
    this.posts.push(item);
    const oldest = this.now() - keepPostsMs;
    const expired = ({ post }: PostItem) => snowflakeTime(post.data.id) < oldest;
    while (this.size > keepPosts || (this.size > 0 && expired(this.posts[this.first] as PostItem)))
      this.first++;
    // Removing from the front of an array costs its length, so remove many at once.
    if (this.first > this.size) {
      this.posts.splice(0, this.first);
      this.first = 0;
    }
  }

  get size(): number {
    return this.posts.length - this.first;
  }

  /** The posts created in [from, to), oldest first. */
  between(from: number, to: number): PostItem[] {
    return this.posts
      .slice(this.first)
      .filter(({ post }) => {
        const at = snowflakeTime(post.data.id);
        return at >= from && at < to;
      })
      .sort((one, other) => (BigInt(one.post.data.id) < BigInt(other.post.data.id) ? -1 : 1));
  }
}
