import type { Language } from './language';
import { postLink } from './links';
import type { Person } from './people';
import type { Random } from './random';
import { snowflakeTime } from './snowflake';
import { length, type Piece, plain, render, shortened, textOf } from './text';
import type { Post } from './types';

/** The text of a longer post is truncated, with the full text in `note_tweet`. */
const LONGEST = 280;
const sources = [
  'Twitter for iPhone',
  'Twitter for Android',
  'Twitter Web App',
  'IFTTT',
  'TweetDeck Web App',
];

/** Author, time (in the id) and language of a post. */
export interface PostContext {
  id: string;
  person: Person;
  language: Language;
  /** Just posted: no impressions yet. */
  fresh: boolean;
}

/** Builds the post's JSON object with all fields from the pieces of its text. */
export function postObject(
  random: Random,
  context: PostContext,
  pieces: Piece[],
  extras: Partial<Post>,
): Post {
  const { id, person, language, fresh } = context;
  const at = snowflakeTime(id);
  const whole = render(pieces);
  const long = length(whole.text) > LONGEST;
  const sent = long ? render(cut(random, context, pieces)) : whole;
  const impressions = fresh ? random.int(0, 3) : random.skewed(0, 900_000);
  const post: Post = {
    id,
    text: sent.text,
    edit_history_tweet_ids: [id],
    author_id: person.user.id,
    created_at: `${new Date(at).toISOString().slice(0, 19)}.000Z`,
    conversation_id: id,
    display_text_range: [0, length(sent.text)],
    public_metrics: {
      retweet_count: Math.floor(impressions / 60),
      reply_count: Math.floor(impressions / 150),
      like_count: Math.floor(impressions / 20),
      quote_count: Math.floor(impressions / 900),
      bookmark_count: Math.floor(impressions / 400),
      impression_count: impressions,
    },
    possibly_sensitive: random.chance(0.02),
    lang: language.code,
    source: random.pick(sources),
    reply_settings: random.chance(0.92)
      ? 'everyone'
      : random.pick(['mentionedUsers', 'following', 'subscribers']),
    edit_controls: {
      edits_remaining: 5,
      is_edit_eligible: random.chance(0.6),
      editable_until: new Date(at + 3_600_000).toISOString(),
    },
  };
  const [first] = pieces;
  if (extras.in_reply_to_user_id && first?.kind === 'mention')
    post.display_text_range[0] = length(textOf(first)) + 1;
  if (sent.entities) post.entities = sent.entities;
  if (long) post.note_tweet = whole;
  if (random.chance(0.004)) post.withheld = { copyright: false, country_codes: ['DE', 'IN'] };
  return Object.assign(post, extras);
}

function cut(random: Random, { id, person }: PostContext, pieces: Piece[]): Piece[] {
  const link = postLink(random, person.user.username, id);
  return [...shortened(pieces, LONGEST - 1 - length(link.url)), plain(' '), { kind: 'link', link }];
}
