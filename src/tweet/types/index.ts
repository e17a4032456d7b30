import type { Kind } from '../kinds';
import type { ActivityStreamMessage } from './activity-streams';
import type * as Notices from './notices';
import type { ArchivedPost, V1Post, V1Retweet } from './v1';
import type { V2Envelope, V2Errors, V2Post } from './v2';
import type * as V2Notices from './v2-notices';

export type * from './activity-streams';
export type * from './notices';
export type * from './v1';
export type * from './v1-parts';
export type * from './v2';
export type * from './v2-notices';

/** The types of messages of each kind, without a site stream's envelope. */
export interface MessagesByKind {
  tweet:
    | V1Post
    | ArchivedPost
    | V2Envelope
    | V2Post
    | V2Notices.V2PostActivityMessage
    | ActivityStreamMessage;
  retweet: V1Retweet | V2Envelope | V2Post | V2Notices.V2PostActivityMessage | ActivityStreamMessage;
  delete:
    | Notices.V1Delete
    | V2Notices.V2ComplianceMessage
    | V2Notices.V2ActivityMessage
    | ActivityStreamMessage;
  event:
    | Notices.V1Event
    | Notices.V1UserNotice
    | Partial<Notices.V1Drop>
    | Notices.V1TweetEdit
    | Notices.V1Like
    | Notices.V1Control
    | Notices.ConnectionMetadata
    | Notices.SystemMessage
    | V2Notices.V2ComplianceMessage
    | V2Notices.V2LabelMessage
    | V2Notices.V2LikeMessage
    | V2Notices.V2ActivityMessage
    | ActivityStreamMessage;
  direct_message: Notices.V1DirectMessage | V2Notices.V2ActivityMessage;
  friends: Notices.V1Friends;
  limit: Notices.V1Limit;
  disconnect: Notices.V1Disconnect | Notices.SystemMessage | V2Errors;
  warning: Notices.V1Warning | Notices.SystemMessage | V2Errors;
  scrub_geo: Notices.V1ScrubGeo | V2Notices.V2ComplianceMessage | ActivityStreamMessage;
  withheld:
    | Notices.V1StatusWithheld
    | Notices.V1UserWithheld
    | V2Notices.V2ComplianceMessage
    | ActivityStreamMessage;
}

/** A message of that kind, see {@link MessagesByKind}. */
export type MessageOf<K extends Kind> = MessagesByKind[K];

/** Any message of the X stream. */
export type StreamMessage = MessageOf<Kind> | Notices.SiteStreamEnvelope;
