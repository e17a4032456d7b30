import type { Open } from './v1-parts';

/** A reference to another post ("Post object", X API v2 data dictionary). */
export interface V2Reference {
  type: Open<'retweeted' | 'quoted' | 'replied_to'>;
  id: string;
}

/**
 * A post of the X API v2 ("Post object", X API v2 data dictionary). By default X sends `id`, `text` and the edit
 * history; `tweet.fields` requests the others.
 */
export interface V2Post {
  id: string;
  text?: string;
  author_id?: string;
  /** "2019-09-28T18:05:23.000Z". */
  created_at?: string;
  conversation_id?: string;
  in_reply_to_user_id?: string;
  /** Identifies retweets. Its new name is `referenced_posts` (OpenAPI 2.167). */
  referenced_tweets?: V2Reference[];
  referenced_posts?: V2Reference[];
  edit_history_tweet_ids?: string[];
  edit_history_post_ids?: string[];
  edit_controls?: { edits_remaining?: number; is_edit_eligible?: boolean; editable_until?: string };
  /** The complete text of a post of more than 280 characters. Its new name is `note_post`. */
  note_tweet?: { text: string; entities?: object };
  note_post?: { text: string; entities?: object };
  attachments?: { media_keys?: string[]; poll_ids?: string[] };
  context_annotations?: Array<{
    domain: { id: string; name?: string; description?: string };
    entity: { id: string; name?: string; description?: string };
  }>;
  entities?: V2Entities;
  geo?: { place_id?: string; coordinates?: { type: string; coordinates: number[] } };
  lang?: string;
  possibly_sensitive?: boolean;
  public_metrics?: Partial<
    Record<
      'retweet_count' | 'reply_count' | 'like_count' | 'quote_count' | 'bookmark_count' | 'impression_count',
      number
    >
  >;
  reply_settings?: string;
  source?: string;
  /** The countries where the post is withheld. The message is a post, not a notice. */
  withheld?: { copyright?: boolean; country_codes?: string[]; scope?: string };
}

/** "Post object", X API v2 data dictionary. `start` is inclusive, `end` exclusive, in code points. */
export interface V2Entities {
  hashtags?: Array<{ start: number; end: number; tag: string }>;
  cashtags?: Array<{ start: number; end: number; tag: string }>;
  mentions?: Array<{ start: number; end: number; username: string; id?: string }>;
  urls?: Array<{ start: number; end: number; url: string; expanded_url?: string; display_url?: string }>;
  annotations?: Array<{
    start: number;
    end: number;
    probability?: number;
    type?: string;
    normalized_text?: string;
  }>;
}

/** "User object", X API v2 data dictionary. */
export interface V2User {
  id: string;
  name?: string;
  username?: string;
  created_at?: string;
  description?: string;
  location?: string;
  protected?: boolean;
  verified?: boolean;
  verified_type?: string;
  profile_image_url?: string;
  public_metrics?: Record<string, number | string>;
}

/** "Media object", X API v2 data dictionary. */
export interface V2Media {
  media_key: string;
  type?: Open<'photo' | 'video' | 'animated_gif'>;
  url?: string;
  preview_image_url?: string;
  width?: number;
  height?: number;
  duration_ms?: number;
  alt_text?: string;
}

/** The objects that `expansions` requests ("Expansions", X API v2). */
export interface V2Includes {
  users?: V2User[];
  tweets?: V2Post[];
  media?: V2Media[];
  places?: Array<{ id: string; full_name?: string; country_code?: string }>;
  polls?: Array<{ id: string; options?: Array<{ position: number; label: string; votes?: number }> }>;
}

/** A problem ("Response codes and errors", X API). The last segment of `type` identifies it; the host differs. */
export interface V2Problem {
  title?: string;
  detail?: string;
  type?: string;
  status?: number;
  /** The reason for a disconnect. */
  disconnect_type?: string;
  connection_issue?: string;
  resource_type?: string;
  resource_id?: string;
  parameter?: string;
  value?: string;
}

/**
 * One line of a v2 post stream ("Filtered stream", "Volume streams"). `errors` beside `data` name the parts of the
 * post that are missing.
 */
export interface V2Envelope<Data = V2Post> {
  data: Data;
  includes?: V2Includes;
  /** Only in the filtered stream. */
  matching_rules?: Array<{ id: string | number; tag?: string | null }>;
  errors?: V2Problem[];
}

/** Errors in place of data ("Handling disconnections"): a list, or one bare problem. */
export type V2Errors = { errors: V2Problem[] } | V2Problem;
