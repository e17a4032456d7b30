/** One of the known values, or any value that X adds later. */
export type Open<Known extends string> = Known | (string & {});

/** An account in a v1.1 post ("User object", Twitter API v1.1 data dictionary). Some messages have only the id. */
export interface V1User {
  /** Rounded by JSON.parse above 2^53: use `id_str` (since late 2010). */
  id: number;
  id_str?: string;
  name?: string;
  screen_name?: string;
  location?: string | null;
  url?: string | null;
  description?: string | null;
  protected?: boolean;
  verified?: boolean;
  followers_count?: number;
  friends_count?: number;
  listed_count?: number | null;
  favourites_count?: number;
  statuses_count?: number;
  created_at?: string;
  lang?: string | null;
  profile_image_url?: string | null;
  profile_image_url_https?: string | null;
  withheld_in_countries?: string[];
  withheld_scope?: string;
}

/** The position of an entity in the text: start (inclusive) and end (exclusive), in code points. */
export type V1Indices = number[];

export interface V1Hashtag {
  text: string;
  indices: V1Indices;
}

export interface V1Url {
  url: string | null;
  expanded_url?: string | null;
  display_url?: string;
  indices: V1Indices;
}

export interface V1Mention {
  id: number | null;
  id_str?: string | null;
  name?: string | null;
  screen_name: string;
  indices: V1Indices;
}

/** A photo, video or GIF ("Entities object" and "Extended entities object", v1.1 data dictionary). */
export interface V1Media {
  id: number;
  id_str: string;
  type: Open<'photo' | 'video' | 'animated_gif'>;
  url: string;
  display_url: string;
  expanded_url: string;
  media_url: string;
  media_url_https: string;
  indices: V1Indices;
  /** The original post, if the media comes from another one. */
  source_status_id?: number;
  source_status_id_str?: string;
  source_user_id?: number;
  source_user_id_str?: string;
  sizes?: Record<string, { w: number; h: number; resize: string }>;
  /** Only in extended entities. */
  video_info?: {
    aspect_ratio?: number[];
    duration_millis?: number;
    variants?: Array<{ bitrate?: number; content_type?: string; url?: string }>;
  };
}

/** "Entities object", v1.1 data dictionary. */
export interface V1Entities {
  hashtags?: V1Hashtag[];
  urls?: V1Url[];
  user_mentions?: V1Mention[];
  symbols?: V1Hashtag[];
  media?: V1Media[];
  polls?: Array<{ options: Array<{ position: number; text: string }>; end_datetime?: string }>;
}

/** "Geo objects", v1.1 data dictionary: longitude, latitude; the reverse in `geo`. */
export interface V1Coordinates {
  type: Open<'Point'>;
  coordinates: number[];
}

export interface V1Place {
  id: string;
  full_name?: string;
  name?: string;
  country?: string;
  country_code?: string;
  place_type?: string;
  url?: string | null;
  bounding_box?: { type: string; coordinates: number[][][] } | null;
}
