import type { NoticeKind, NoticeMaker, NoticeParts } from './notice';

const time = (at: number) => new Date(at).toISOString();
const countries = ['XY', 'DE', 'IN', 'TR', 'FR', 'BR'];
const problem = (name: string) => `https://api.twitter.com/2/problems/${name}`;

const compliance =
  (name: string, about: (parts: NoticeParts) => object): NoticeMaker =>
  (parts) => ({ data: { [name]: { ...about(parts), event_at: time(parts.at) } } });

const tweet = ({ post }: NoticeParts) => ({ tweet: { id: post.id, author_id: post.author } });
const user = (parts: NoticeParts) => ({ user: { id: parts.user.id } });

const activity =
  (type: string, payload: (parts: NoticeParts) => object): NoticeMaker =>
  (parts) => ({
    data: {
      // X sends negative ones too, although its schema says digits.
      event_uuid: `${parts.random.chance(0.3) ? '-' : ''}${parts.newId()}`,
      filter: { user_id: parts.user.id },
      event_type: type,
      tag: type.split('.')[0],
      payload: payload(parts),
    },
  });

/** Notices in the format of the v2 compliance, likes, label and activity streams. */
export const v2Notices: Partial<Record<NoticeKind, NoticeMaker[]>> = {
  delete: [
    compliance('delete', tweet),
    compliance('delete', tweet),
    compliance('delete', tweet),
    compliance('delete', (parts) => ({ ...tweet(parts), quote_tweet_id: parts.newId() })),
    compliance('delete', ({ post, other }) => ({ favorite: { id: post.id, user_id: other.id } })),
    activity('post.delete', ({ post }) => ({ id: post.id, author_id: post.author })),
  ],
  event: [
    ...[
      'user_delete',
      'user_undelete',
      'user_protect',
      'user_unprotect',
      'user_suspend',
      'user_unsuspend',
    ].map((name) => compliance(name, user)),
    compliance('user_profile_modification', (parts) => ({
      ...user(parts),
      profile_field: 'profile.description',
      new_value: `${parts.user.description} 🌱`,
    })),
    compliance('drop', tweet),
    compliance('undrop', tweet),
    compliance('tweet_edit', (parts) => {
      const edited = parts.newId();
      return {
        tweet: { id: edited },
        initial_tweet_id: parts.post.id,
        edit_tweet_ids: [parts.post.id, edited],
      };
    }),
    compliance('public_tweet_unviewable', (parts) => ({ ...tweet(parts), application: 'apply' })),
    activity('profile.update.bio', (parts) => ({
      before: parts.other.description,
      after: parts.user.description,
    })),
  ],
  direct_message: [
    activity('dm.received', ({ user: to, other: from, newId }) => ({
      id: newId(),
      sender_id: from.id,
      recipient_id: to.id,
      text: 'are we still on for tonight? 🎟️',
    })),
  ],
  scrub_geo: [compliance('scrub_geo', (parts) => ({ ...user(parts), up_to_tweet_id: parts.post.id }))],
  withheld: [
    compliance('withheld', (parts) => ({
      ...tweet(parts),
      withheld_in_countries: [parts.random.pick(countries)],
    })),
    compliance('user_withheld', (parts) => ({
      ...user(parts),
      withheld_in_countries: [parts.random.pick(countries)],
    })),
  ],
  warning: [
    ({ post }) => ({
      errors: [
        {
          value: post.id,
          detail: `Could not find tweet with referenced_tweets.id: [${post.id}].`,
          title: 'Not Found Error',
          resource_type: 'tweet',
          parameter: 'referenced_tweets.id',
          resource_id: post.id,
          type: problem('resource-not-found'),
        },
      ],
    }),
  ],
  disconnect: [
    () => ({
      errors: [
        {
          title: 'operational-disconnect',
          disconnect_type: 'UpstreamOperationalDisconnect',
          detail: 'This stream has been disconnected upstream for operational reasons.',
          type: problem('operational-disconnect'),
        },
      ],
    }),
  ],
};
