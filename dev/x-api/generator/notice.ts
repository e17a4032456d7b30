import type { Random } from './random';
import type { User } from './types';

/** What a stream sends besides posts, by the classifier's kinds. */
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

/** The data for a notice. */
export interface NoticeParts {
  random: Random;
  /** Now, epoch milliseconds. */
  at: number;
  /** A recent post, or an invented one. */
  post: { id: string; author: string };
  user: User;
  other: User;
  /** A new id. */
  newId(): string;
}

export type NoticeMaker = (parts: NoticeParts) => object;
