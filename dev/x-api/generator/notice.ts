import type { Random } from './random';
import type { User } from './types';

/** What a stream sends besides posts, by the kinds the classifier tells apart. */
export type NoticeKind =
  | 'delete'
  | 'event'
  | 'direct_message'
  | 'friends'
  | 'limit'
  | 'disconnect'
  | 'warning'
  | 'scrub_geo'
  | 'withheld';

export type NoticeShape = 'v1' | 'v2';

/** What a notice is made of. */
export interface NoticeParts {
  random: Random;
  /** Now, ms since 1970. */
  at: number;
  /** A post that was sent not long ago, where there is one. */
  post: { id: string; author: string };
  user: User;
  other: User;
  /** A new id, for what is itself made now. */
  newId(): string;
}

export type NoticeMaker = (parts: NoticeParts) => object;
