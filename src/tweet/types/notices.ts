import type { V1Post } from './v1';
import type { V1Entities, V1User } from './v1-parts';

/** The post in a notice ("Streaming message types", Twitter API v1.1). Notices of 2010 have no `_str`. */
export interface V1PostReference {
  /** Rounded by JSON.parse above 2^53: use `id_str`. */
  id?: number;
  id_str?: string;
  user_id?: number;
  user_id_str?: string;
}

/** A post, direct message or like was deleted ("Streaming message types"; "Compliance Firehose API"). */
export interface V1Delete {
  delete: {
    status?: V1PostReference & { deleted?: boolean };
    direct_message?: V1PostReference;
    favorite?: V1PostReference & { tweet_id?: number; tweet_id_str?: string };
    timestamp_ms?: string;
  };
}

/** The user's location data up to a post must be deleted ("Streaming message types"). */
export interface V1ScrubGeo {
  scrub_geo: {
    user_id?: number;
    user_id_str?: string;
    up_to_status_id?: number;
    up_to_status_id_str?: string;
    timestamp_ms?: string;
  };
}

/** The number of posts not delivered since the connection opened ("Streaming message types"). */
export interface V1Limit {
  limit: { track: number; timestamp_ms?: string };
}

/** A post is withheld; enterprise streams have its ids in `status` ("Compliance Firehose API"). */
export interface V1StatusWithheld {
  status_withheld: V1PostReference & {
    status?: V1PostReference;
    withheld_in_countries?: string[];
    timestamp_ms?: string;
  };
}

/** A user is withheld; enterprise streams have the ids in `user` ("Compliance Firehose API"). */
export interface V1UserWithheld {
  user_withheld: {
    id?: number;
    user?: { id: number; id_str?: string };
    withheld_in_countries?: string[];
    /** ISO 8601, despite its name. */
    timestampMs?: string;
  };
}

/** The connection ends; codes 1 to 14 ("Streaming message types"). */
export interface V1Disconnect {
  disconnect: { code: number | string; stream_name?: string; reason?: string };
}

/** FALLING_BEHIND, FOLLOWS_OVER_LIMIT, … ("Streaming message types"). */
export interface V1Warning {
  warning: { code: string; message?: string; percent_full?: number; user_id?: number };
}

/** The accounts that the streaming user follows ("User streams message types"). */
export type V1Friends = { friends: number[] } | { friends_str: string[] };

/** An action of a user ("User streams message types"). */
export interface V1Event {
  event: string;
  created_at?: string;
  /** Bare ids for user_delete and user_suspend. */
  source?: V1User | number;
  target?: V1User | number;
  /** A post, a list or an app, depending on the event. */
  target_object?: unknown;
}

/** A direct message in a user stream ("Direct messages"). */
export interface V1DirectMessage {
  direct_message: {
    /** Rounded by JSON.parse above 2^53: use `id_str`. */
    id: number;
    id_str?: string;
    text?: string;
    created_at?: string;
    sender?: V1User;
    sender_id?: number;
    sender_id_str?: string;
    sender_screen_name?: string;
    recipient?: V1User;
    recipient_id?: number;
    recipient_id_str?: string;
    recipient_screen_name?: string;
    entities?: V1Entities;
  };
}

/** A post was hidden or restored ("Compliance Firehose API"). */
export type V1Drop = Record<'drop' | 'undrop', { status: V1PostReference; timestamp_ms?: string }>;

/** A post was edited ("Compliance Firehose API", "Edit Posts"). */
export interface V1TweetEdit {
  tweet_edit: { id: string; initial_tweet_id?: string; edit_tweet_ids?: string[]; timestamp_ms?: string };
}

/** A post was liked, on the enterprise likes streams ("Decahose"). */
export interface V1Like {
  /** The id of the like, 32 hexadecimal digits. */
  id: string;
  created_at?: string;
  timestamp_ms?: number;
  favorited_status: V1Post;
  user?: V1User;
}

/** A change to a user account ("Compliance Firehose API"). A message has one of these keys. */
export type V1UserNotice = Partial<
  Record<
    | 'user_update'
    | 'user_delete'
    | 'user_undelete'
    | 'user_protect'
    | 'user_unprotect'
    | 'user_suspend'
    | 'user_unsuspend',
    { id: number; timestamp_ms?: string }
  >
>;

/** A system message of an enterprise stream ("Consuming streaming data"). A message has one of these keys. */
export type SystemMessage = Partial<
  Record<'error' | 'warn' | 'info', { message: string; sent?: string; activity_count?: number }>
>;

/** The first message of a site stream ("Site streams"). */
export interface V1Control {
  control: { control_uri: string };
}

/** The first line of Powerstream ("Powerstream"). */
export interface ConnectionMetadata {
  type: 'connection_metadata';
  datacenter?: string;
  timestamp?: number;
}

/** Any v1.1 message without an envelope. */
export type V1Message =
  | V1Post
  | V1Delete
  | V1ScrubGeo
  | V1Limit
  | V1StatusWithheld
  | V1UserWithheld
  | V1Disconnect
  | V1Warning
  | V1Friends
  | V1Event
  | V1DirectMessage
  | Partial<V1Drop>
  | V1TweetEdit
  | V1Like
  | V1UserNotice
  | V1Control
  | ConnectionMetadata
  | SystemMessage;

/** A message of a site stream ("Site streams"). X documents the user as a number and sends a string. */
export interface SiteStreamEnvelope<Message = V1Message> {
  for_user: string | number;
  message: Message;
}
