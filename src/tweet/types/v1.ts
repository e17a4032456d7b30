import type { V1Coordinates, V1Entities, V1Indices, V1Media, V1Place, V1User } from './v1-parts';

/**
 * A post of a v1.1 stream, of Powerstream and of PowerTrack in native format ("Tweet object", Twitter API v1.1
 * data dictionary). What came later than 2009, and what only some posts have, is optional.
 */
export interface V1Post {
  /** "Sat Sep 28 18:05:23 +0000 2019". */
  created_at: string;
  /** Rounded by JSON.parse above 2^53: use `id_str` (since late 2010). */
  id: number;
  id_str?: string;
  /** Cut off where `truncated`; absent in extended mode, which has `full_text`. */
  text?: string;
  full_text?: string;
  display_text_range?: V1Indices;
  truncated?: boolean;
  /** HTML, the app that it was written with. */
  source?: string | null;
  user: V1User;
  /** Of a reply; the keys are there in all posts, null in what is no reply. */
  in_reply_to_status_id?: number | null;
  in_reply_to_status_id_str?: string | null;
  in_reply_to_user_id?: number | null;
  in_reply_to_user_id_str?: string | null;
  in_reply_to_screen_name?: string | null;
  /** Of a quote. `is_quote_status` stays true when the quoted post is gone. */
  is_quote_status?: boolean;
  quoted_status_id?: number | null;
  quoted_status_id_str?: string | null;
  quoted_status?: V1Post | null;
  quoted_status_permalink?: { url?: string; expanded?: string; display?: string } | null;
  /** Of a retweet: the post that it repeats. */
  retweeted_status?: V1Post | null;
  /** Compatibility mode: the whole of a post whose `text` is cut off ("Extended Tweets"). */
  extended_tweet?: V1ExtendedPost;
  entities?: V1Entities;
  /** All photos, or the video. */
  extended_entities?: { media?: V1Media[] };
  geo?: V1Coordinates | null;
  coordinates?: V1Coordinates | null;
  place?: V1Place | null;
  contributors?: unknown[] | null;
  quote_count?: number;
  reply_count?: number;
  /** In 2011 sometimes "100+". */
  retweet_count?: number | string | null;
  favorite_count?: number | null;
  favorited?: boolean | null;
  retweeted?: boolean;
  possibly_sensitive?: boolean | null;
  filter_level?: string;
  lang?: string | null;
  /** Milliseconds, in posts that a stream delivered. */
  timestamp_ms?: string;
  /** The rules that it matched, on enterprise streams. */
  matching_rules?: Array<{ tag?: string | null; id?: number | string; id_str?: string }> | null;
  withheld_copyright?: boolean;
  withheld_in_countries?: string[];
  withheld_scope?: string;
}

/** What a cut-off post has in full ("Extended Tweets", Twitter API v1.1). */
export interface V1ExtendedPost {
  full_text: string;
  display_text_range?: V1Indices;
  entities?: V1Entities;
  extended_entities?: { media?: V1Media[] };
}

/** A retweet: a post with the one that it repeats. */
export type V1Retweet = V1Post & { retweeted_status: V1Post };

/** A post that quotes another one. */
export type V1Quote = V1Post & { quoted_status: V1Post };
