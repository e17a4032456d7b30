/** A post of the v2 API with all its fields; serialization drops those that a request did not select. */
export interface Post {
  id: string;
  text: string;
  edit_history_tweet_ids: string[];
  author_id: string;
  created_at: string;
  conversation_id: string;
  in_reply_to_user_id?: string;
  referenced_tweets?: Reference[];
  attachments?: { media_keys?: string[]; poll_ids?: string[] };
  geo?: { place_id: string; coordinates?: { type: 'Point'; coordinates: [number, number] } };
  context_annotations?: ContextAnnotation[];
  entities?: Entities;
  note_tweet?: { text: string; entities?: Entities };
  display_text_range: [number, number];
  public_metrics: Record<string, number>;
  possibly_sensitive: boolean;
  lang: string;
  source: string;
  reply_settings: string;
  edit_controls: { edits_remaining: number; is_edit_eligible: boolean; editable_until: string };
  withheld?: { copyright: boolean; country_codes: string[] };
}

export interface Reference {
  type: 'retweeted' | 'replied_to' | 'quoted';
  id: string;
}

/** Positions are in code points of the sent text; `end` is exclusive, but inclusive in annotations. */
export interface Entities {
  hashtags?: { start: number; end: number; tag: string }[];
  cashtags?: { start: number; end: number; tag: string }[];
  mentions?: { start: number; end: number; username: string; id: string }[];
  urls?: ({ start: number; end: number } & Link)[];
  annotations?: {
    start: number;
    end: number;
    probability: number;
    type: string;
    normalized_text: string;
  }[];
}

export interface Link {
  url: string;
  expanded_url: string;
  display_url: string;
  media_key?: string;
  images?: { url: string; width: number; height: number }[];
  status?: number;
  title?: string;
  description?: string;
  unwound_url?: string;
}

export interface ContextAnnotation {
  domain: { id: string; name: string; description: string };
  entity: { id: string; name: string; description?: string };
}

export interface User {
  id: string;
  name: string;
  username: string;
  created_at: string;
  description: string;
  entities?: {
    url?: { urls: ({ start: number; end: number } & Link)[] };
    description?: Pick<Entities, 'hashtags'>;
  };
  location?: string;
  pinned_tweet_id?: string;
  profile_image_url: string;
  protected: boolean;
  public_metrics: Record<string, number>;
  url: string;
  verified: boolean;
  verified_type: 'none' | 'blue' | 'business' | 'government';
}

export interface Media {
  media_key: string;
  type: 'photo' | 'video' | 'animated_gif';
  width: number;
  height: number;
  url?: string;
  alt_text?: string;
  preview_image_url?: string;
  duration_ms?: number;
  public_metrics?: { view_count: number };
  variants?: { bit_rate?: number; content_type: string; url: string }[];
}

export interface Poll {
  id: string;
  options: { position: number; label: string; votes: number }[];
  duration_minutes: number;
  end_datetime: string;
  voting_status: 'open' | 'closed';
}

export interface Place {
  id: string;
  full_name: string;
  name: string;
  country: string;
  country_code: string;
  place_type: 'city';
  geo: { type: 'Feature'; bbox: [number, number, number, number]; properties: Record<string, never> };
}

export interface Includes {
  users: User[];
  tweets: Post[];
  media: Media[];
  polls: Poll[];
  places: Place[];
}

/** An expansion that failed; the post itself is complete. */
export interface PartialError {
  parameter: string;
  resource_id: string;
  value: string;
  detail: string;
  title: string;
  resource_type: 'user' | 'tweet';
  type: string;
}

/** A post with its expansions and partial errors. */
/** Search finds no retweets. */
export const isRetweet = ({ data }: FullPost): boolean =>
  data.referenced_tweets?.some(({ type }) => type === 'retweeted') ?? false;

export interface FullPost {
  data: Post;
  includes: Includes;
  errors: PartialError[];
}
