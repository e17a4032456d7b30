import type { V1Coordinates, V1Entities, V1Indices, V1Media, V1Place, V1User } from './v1-parts';

/**
 * A post of a v1.1 stream, of Powerstream and of PowerTrack in native format ("Tweet object", Twitter API v1.1
 * data dictionary). Members that X added after 2009, and those of some posts only, are optional.
 */
export interface V1Post {
  /** "Sat Sep 28 18:05:23 +0000 2019". */
  created_at: string;
  /** Rounded by JSON.parse above 2^53: use `id_str` (since late 2010). */
  id: number;
  id_str?: string;
  /** Cut off if `truncated`; absent in extended mode, which has `full_text`. */
  text?: string;
  full_text?: string;
  display_text_range?: V1Indices;
  truncated?: boolean;
  /** The app that created the post, as HTML. */
  source?: string | null;
  user: V1User;
  /** Of a reply. All posts have the keys; their value is null in posts that are not replies. */
  in_reply_to_status_id?: number | null;
  in_reply_to_status_id_str?: string | null;
  in_reply_to_user_id?: number | null;
  in_reply_to_user_id_str?: string | null;
  in_reply_to_screen_name?: string | null;
  /** Of a quote. `is_quote_status` stays true after the quoted post was deleted. */
  is_quote_status?: boolean;
  quoted_status_id?: number | null;
  quoted_status_id_str?: string | null;
  quoted_status?: V1Post | null;
  quoted_status_permalink?: { url?: string; expanded?: string; display?: string } | null;
  /** Of a retweet: the original post. */
  retweeted_status?: V1Post | null;
  /** Compatibility mode: the complete post if `text` is cut off ("Extended Tweets"). */
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
  /** Epoch milliseconds; only in posts from a stream. */
  timestamp_ms?: string;
  /** The matching rules, on enterprise streams. */
  matching_rules?: Array<{ tag?: string | null; id?: number | string; id_str?: string }> | null;
  withheld_copyright?: boolean;
  withheld_in_countries?: string[];
  withheld_scope?: string;
}

/** The complete text and entities of a truncated post ("Extended Tweets", Twitter API v1.1). */
export interface V1ExtendedPost {
  full_text: string;
  display_text_range?: V1Indices;
  entities?: V1Entities;
  extended_entities?: { media?: V1Media[] };
}

/** A retweet, with the original post. */
export type V1Retweet = V1Post & { retweeted_status: V1Post };

/** A quote, with the quoted post. */
export type V1Quote = V1Post & { quoted_status: V1Post };

/**
 * A post in the archive that X gives to a user, `data/tweets.js`: without its author, with all numbers as strings.
 * A retweet has only the text "RT @…".
 */
export interface ArchivedPost {
  tweet: {
    /** "Sat Sep 28 18:05:23 +0000 2019". */
    created_at: string;
    id: string;
    id_str: string;
    full_text: string;
    lang?: string;
    source?: string;
    in_reply_to_status_id_str?: string;
    in_reply_to_user_id_str?: string;
    retweet_count?: string;
    favorite_count?: string;
  };
}
