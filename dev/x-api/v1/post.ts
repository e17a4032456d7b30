import { jsonText } from '../generator/json';
import { date, id, person } from '../generator/notices-v1';
import type { Entities, FullPost, Post, User } from '../generator/types';

/** A generated post as a line of the v1.1 streams. */
export function v1Line(post: FullPost): string {
  return jsonText(v1Post(post.data, post));
}

function v1Post(data: Post, full: FullPost): object {
  const user = full.includes.users.find((one) => one.id === data.author_id);
  const reference = (type: string) => data.referenced_tweets?.find((one) => one.type === type)?.id;
  const included = (postId: string | undefined) => full.includes.tweets.find((one) => one.id === postId);
  const repliedTo = reference('replied_to');
  const [retweeted, quoted] = [included(reference('retweeted')), included(reference('quoted'))];
  const at = Date.parse(data.created_at);
  const { retweet_count = 0, like_count = 0, reply_count = 0, quote_count = 0 } = data.public_metrics;
  return {
    created_at: date(at),
    ...id('id', data.id),
    text: data.text,
    source: `<a href="https://mobile.example" rel="nofollow">${data.source}</a>`,
    truncated: false,
    ...nullable('in_reply_to_status_id', repliedTo),
    ...nullable('in_reply_to_user_id', data.in_reply_to_user_id),
    in_reply_to_screen_name: userOf(full, data.in_reply_to_user_id)?.username ?? null,
    user: user ? person(user) : null,
    geo: null,
    coordinates: data.geo?.coordinates ?? null,
    place: null,
    contributors: null,
    ...(retweeted && { retweeted_status: v1Post(retweeted, full) }),
    is_quote_status: quoted !== undefined,
    ...(quoted && { ...id('quoted_status_id', quoted.id), quoted_status: v1Post(quoted, full) }),
    quote_count,
    reply_count,
    retweet_count,
    favorite_count: like_count,
    entities: entitiesOf(data.entities ?? {}),
    favorited: false,
    retweeted: false,
    filter_level: 'low',
    lang: data.lang,
    timestamp_ms: String(at),
  };
}

const userOf = ({ includes }: FullPost, userId: string | undefined): User | undefined =>
  includes.users.find((user) => user.id === userId);

const nullable = (name: string, value: string | undefined) =>
  value === undefined ? { [name]: null, [`${name}_str`]: null } : id(name, value);

const at = ({ start, end }: { start: number; end: number }) => ({ indices: [start, end] });

const entitiesOf = ({ hashtags = [], urls = [], mentions = [], cashtags = [] }: Entities) => ({
  hashtags: hashtags.map((one) => ({ text: one.tag, ...at(one) })),
  urls: urls.map((one) => ({
    url: one.url,
    expanded_url: one.expanded_url,
    display_url: one.display_url,
    ...at(one),
  })),
  user_mentions: mentions.map((one) => ({ screen_name: one.username, ...id('id', one.id), ...at(one) })),
  symbols: cashtags.map((one) => ({ text: one.tag, ...at(one) })),
});
