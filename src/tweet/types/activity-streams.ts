import type { Open } from './v1-parts';

/** The author or acting user ("Activity Streams data dictionary", enterprise-gnip-2.0). */
export interface ActivityStreamActor {
  objectType?: string;
  /** "id:twitter.com:6253282". */
  id?: string;
  displayName?: string;
  preferredUsername?: string;
  followersCount?: number;
  friendsCount?: number;
  listedCount?: number;
  statusesCount?: number;
  verified?: boolean;
}

/**
 * A message of PowerTrack in its older format ("Activity Streams data dictionary", enterprise-gnip-2.0): a post
 * (verb post), a retweet (verb share, the original in `object`) or a notice (verbs delete, scrub_geo, …).
 */
export interface ActivityStreamMessage {
  /** "tag:search.twitter.com,2005:887450119146270723"; the id follows the last colon. */
  id?: string;
  objectType?: Open<'activity'>;
  verb: Open<'post' | 'share' | 'delete' | 'scrub_geo' | 'status_withheld' | 'user_withheld'>;
  postedTime?: string;
  timestampMs?: string;
  actor?: ActivityStreamActor;
  object?: { id?: string; objectType?: string; postedTime?: string };
  body?: string;
  link?: string;
  favoritesCount?: number;
  retweetCount?: number;
  inReplyTo?: { link?: string };
  twitter_lang?: string;
  gnip?: object;
}
