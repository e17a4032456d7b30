import type { NoticeKind, NoticeMaker, NoticeParts } from './notice';
import type { User } from './types';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** v1.1's date format: `Sat Sep 28 18:05:23 +0000 2019`. */
export function date(at: number): string {
  const when = new Date(at);
  const day = String(when.getUTCDate()).padStart(2, '0');
  const clock = when.toISOString().slice(11, 19);
  return `${days[when.getUTCDay()]} ${months[when.getUTCMonth()]} ${day} ${clock} +0000 ${when.getUTCFullYear()}`;
}

const timestamp = ({ at }: NoticeParts) => ({ timestamp_ms: String(at) });

/** An id in v1.1's format: a number, which JavaScript rounds, and a string. */
export const id = (name: string, value: string) => ({ [name]: BigInt(value), [`${name}_str`]: value });

const status = ({ post }: NoticeParts) => ({ ...id('id', post.id), ...id('user_id', post.author) });

export const person = (user: User) => ({
  ...id('id', user.id),
  name: user.name,
  screen_name: user.username,
  location: user.location ?? null,
  description: user.description,
  protected: false,
  followers_count: user.public_metrics.followers_count,
  friends_count: user.public_metrics.following_count,
  statuses_count: user.public_metrics.tweet_count,
  created_at: date(Date.parse(user.created_at)),
  verified: user.verified,
  profile_image_url_https: user.profile_image_url,
});

/** An event contains whole objects; the liked post has text and user like any post. */
const liked: NoticeMaker = ({ at, post, user, other }) => ({
  event: 'favorite',
  source: person(other),
  target: person(user),
  target_object: {
    created_at: date(at - 60_000),
    ...id('id', post.id),
    text: 'thank you all for tonight 🙏🏽 #live',
    source: '<a href="https://mobile.example" rel="nofollow">Mobile</a>',
    user: person(user),
    in_reply_to_status_id: null,
    retweet_count: 3,
    entities: { hashtags: [{ text: 'live', indices: [29, 34] }], urls: [], user_mentions: [] },
    lang: 'en',
  },
  created_at: date(at),
});

/** Notices in the format of the v1.1 and enterprise streams. */
export const v1Notices: Record<NoticeKind, NoticeMaker[]> = {
  delete: [
    (parts) => ({ delete: { status: status(parts), ...timestamp(parts) } }),
    (parts) => ({
      delete: { direct_message: { ...id('id', parts.newId()), ...id('user_id', parts.user.id) } },
    }),
  ],
  event: [
    liked,
    ({ at, user, other }) => ({
      event: 'follow',
      source: person(other),
      target: person(user),
      created_at: date(at),
    }),
    ({ at, user }) => ({
      target: BigInt(user.id),
      source: BigInt(user.id),
      event: 'user_delete',
      target_object: 'client_application',
      created_at: date(at),
    }),
    (parts) => ({ user_suspend: { id: BigInt(parts.user.id), ...timestamp(parts) } }),
    (parts) => ({ drop: { status: status(parts), ...timestamp(parts) } }),
  ],
  direct_message: [
    ({ at, user, other, newId }) => ({
      direct_message: {
        ...id('id', newId()),
        text: 'got your message, call me later ☎️',
        sender: person(other),
        ...id('sender_id', other.id),
        sender_screen_name: other.username,
        recipient: person(user),
        ...id('recipient_id', user.id),
        recipient_screen_name: user.username,
        created_at: date(at),
      },
    }),
  ],
  friends: [
    ({ user, other }) => ({ friends: [BigInt(user.id), BigInt(other.id)] }),
    ({ user, other }) => ({ friends_str: [user.id, other.id] }),
    () => ({ friends: [] }),
  ],
  limit: [(parts) => ({ limit: { track: parts.random.skewed(1, 5000), ...timestamp(parts) } })],
  disconnect: [
    ({ random }) => ({
      disconnect: {
        ...random.pick([
          { code: 4, reason: 'stall' },
          { code: 7, reason: 'admin logout' },
          { code: 12, reason: 'shed load' },
        ]),
        stream_name: 'simulated-filter',
      },
    }),
  ],
  warning: [
    ({ random }) => {
      const percent = random.int(60, 95);
      return {
        warning: {
          code: 'FALLING_BEHIND',
          message:
            'Your connection is falling behind and messages are being queued for delivery to you. ' +
            `Your queue is now over ${percent}% full. You will be disconnected when the queue is full.`,
          percent_full: percent,
        },
      };
    },
  ],
  scrub_geo: [
    (parts) => ({
      scrub_geo: {
        ...id('user_id', parts.user.id),
        ...id('up_to_status_id', parts.post.id),
        ...timestamp(parts),
      },
    }),
  ],
  withheld: [
    (parts) => ({
      status_withheld: { status: status(parts), withheld_in_countries: ['XY'], ...timestamp(parts) },
    }),
    ({ user }) => ({ user_withheld: { id: BigInt(user.id), withheld_in_countries: ['DE', 'AR'] } }),
  ],
};
