import type { NoticeKind, NoticeShape } from './generator/notice';
import { NoticeWriter } from './generator/notices';
import { People } from './generator/people';
import { PostMaker } from './generator/posts';
import { Random } from './generator/random';
import { Snowflakes } from './generator/snowflake';
import type { FullPost } from './generator/types';
import { noConstraints, type PostConstraints } from './rules/constraints';

export type { NoticeKind, NoticeShape } from './generator/notice';
export type { FullPost } from './generator/types';

export interface GeneratorOptions {
  /** The same seed gives the same posts except for ids and times. */
  seed?: number;
  /** The clock, epoch milliseconds. */
  now?: () => number;
  /** Words that most posts contain, for use without rules. */
  topics?: string[];
}

export interface Generator {
  /** A post created now, with all fields and expansions. Constraints make it match a rule. */
  post(constraints?: PostConstraints): FullPost;
  /** A line with a notice of that kind; without a kind, any but disconnect, in realistic shares. */
  notice(kind?: NoticeKind, shape?: NoticeShape): string;
}

/** Notices refer to one of this many last posts. */
const REMEMBERED = 200;

/** Generates posts and notices like those of X's streams. */
export function createGenerator({
  seed = 1,
  now = () => Date.now(),
  topics = [],
}: GeneratorOptions = {}): Generator {
  const random = new Random(seed);
  const ids = new Snowflakes(now);
  const people = new People(random);
  const posts = new PostMaker(random, people, ids);
  const notices = new NoticeWriter(random, people, ids, now);
  const recent: { id: string; author: string }[] = [];

  const topical = (): PostConstraints => {
    const constraints = noConstraints();
    if (topics.length > 0 && random.chance(0.8)) constraints.words.push(random.pick(topics));
    return constraints;
  };

  return {
    post(constraints) {
      const post = posts.make(constraints ?? topical());
      recent.push({ id: post.data.id, author: post.data.author_id });
      if (recent.length > REMEMBERED) recent.shift();
      return post;
    },
    notice(kind, shape) {
      return notices.line(kind, shape, recent.length > 0 ? random.pick(recent) : undefined);
    },
  };
}
