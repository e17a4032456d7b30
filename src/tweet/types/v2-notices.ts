import type { Open } from './v1-parts';
import type { V2Envelope, V2Includes, V2Post } from './v2';

/** A notice about a post; the new name of `tweet` is `post` (OpenAPI 2.167). */
interface OfPost {
  tweet?: { id: string; author_id?: string };
  post?: { id: string; author_id?: string };
  event_at?: string;
}

/** A notice about a user. */
interface OfUser {
  user: { id: string };
  event_at?: string;
}

/** "Compliance streams", X API v2: compliance data objects. The data of a message has one of these keys. */
export interface V2Compliance {
  delete?: OfPost & {
    favorite?: { id: string; user_id?: string };
    like?: { id: string; liked_tweet_id?: string; liked_tweet_author_id?: string };
    quote_tweet_id?: string;
  };
  withheld?: OfPost & { withheld_in_countries?: string[]; quote_tweet_id?: string };
  drop?: OfPost;
  undrop?: OfPost;
  tweet_edit?: OfPost & { initial_tweet_id?: string; edit_tweet_ids?: string[] };
  scrub_geo?: OfUser & { up_to_tweet_id?: string };
  user_delete?: OfUser;
  user_undelete?: OfUser;
  user_protect?: OfUser;
  user_unprotect?: OfUser;
  user_suspend?: OfUser;
  user_unsuspend?: OfUser;
  user_withheld?: OfUser & { withheld_in_countries?: string[] };
  user_profile_modification?: OfUser & { profile_field?: string; new_value?: string };
}

/** "Label stream", X API v2 (OpenAPI: PostLabelStreamResponse). The data of a message has one of these keys. */
export interface V2Label {
  public_tweet_notice?: OfPost & {
    event_type?: string;
    application?: string;
    details?: string;
    label_title?: string;
    extended_details_url?: string;
  };
  public_tweet_unviewable?: OfPost & { application?: string };
}

/** "Likes streams", X API v2 (OpenAPI: LikeWithTweetAuthor). */
export interface V2Like {
  /** The id of the like, not of the post: 32 hexadecimal digits. */
  id: string;
  created_at?: string;
  liked_tweet_id?: string;
  liked_post_id?: string;
  tweet_author_id?: string;
  liked_tweet_author_id?: string;
  timestamp_ms?: number | string;
}

/** "X Activity API": event payloads. `event_uuid` is the id of the delivery and may be negative. */
export interface V2Activity<Payload = unknown> {
  event_uuid?: string;
  event_type: Open<
    | 'post.create'
    | 'post.reply.create'
    | 'post.quote.create'
    | 'post.mention.create'
    | 'post.repost.create'
    | 'post.delete'
    | 'dm.sent'
    | 'dm.received'
    | 'chat.sent'
    | 'chat.received'
  >;
  filter?: { user_id?: string; keyword?: string };
  tag?: string;
  payload?: Payload;
  includes?: V2Includes | object;
}

export type V2ComplianceMessage = Pick<V2Envelope<V2Compliance>, 'data'>;
export type V2LabelMessage = Pick<V2Envelope<V2Label>, 'data'>;
export type V2LikeMessage = V2Envelope<V2Like>;
export type V2ActivityMessage<Payload = unknown> = Pick<V2Envelope<V2Activity<Payload>>, 'data'>;
/** An activity whose payload is a post. */
export type V2PostActivityMessage = V2ActivityMessage<V2Post>;
