import type { PostConstraints, PostKind } from '../rules/constraints';
import { compose } from './compose';
import { contextAnnotations, locate } from './context';
import type { Language } from './language';
import { languageOf, languages } from './languages';
import { postLink } from './links';
import { attach } from './media';
import type { People, Person } from './people';
import { type PostContext, postObject } from './post-object';
import type { Random } from './random';
import { type Snowflakes, snowflakeAt, snowflakeTime } from './snowflake';
import { type Piece, plain, shortened } from './text';
import type { FullPost, Includes, Post, User } from './types';

const THREE_DAYS = 3 * 86_400_000;
const LONGEST_RETWEET = 140;

/** Shares of the kinds of posts on X. */
const kindShares: { kind: PostKind; share: number }[] = [
  { kind: 'original', share: 35 },
  { kind: 'reply', share: 25 },
  { kind: 'quote', share: 10 },
  { kind: 'retweet', share: 30 },
];

/** A post with its expansions and the pieces of its text, which a retweet repeats. */
interface Draft extends FullPost {
  author: User;
  pieces: Piece[];
}

/** Generates posts. Everything except ids and times depends only on the random numbers. */
export class PostMaker {
  constructor(
    private readonly random: Random,
    private readonly people: People,
    private readonly ids: Snowflakes,
  ) {}

  make(constraints: PostConstraints): FullPost {
    const kinds = this.kindsOf(constraints);
    const person =
      constraints.from === undefined
        ? this.people.anyone(constraints.language)
        : this.people.named(constraints.from);
    const context = {
      id: this.ids.next(),
      person,
      language: this.languageOf(constraints, person),
      fresh: true,
    };
    const draft = kinds.has('retweet')
      ? this.retweet(context, constraints)
      : this.written(context, constraints, kinds);
    this.suspendMentioned(draft);
    const { data, includes, errors } = draft;
    return { data, includes, errors };
  }

  private kindsOf(constraints: PostConstraints): Set<PostKind> {
    if (constraints.to !== undefined) return new Set([...constraints.kinds, 'reply']);
    if (constraints.kinds.size > 0) return constraints.kinds;
    const open = kindShares.filter(({ kind }) => !constraints.not.kinds.has(kind));
    return new Set([this.random.weighted(open).kind]);
  }

  private languageOf(constraints: PostConstraints, author: Person): Language {
    if (constraints.language !== undefined) return languageOf(constraints.language);
    const native = languageOf(author.language);
    const open = languages.filter((language) => !constraints.not.languages.has(language.code));
    return open.includes(native) || open.length === 0 ? native : this.random.weighted(open);
  }

  /** A post of the last three days that this one retweets, quotes or replies to. */
  private earlier(
    context: PostContext,
    constraints: PostConstraints,
    kinds = new Set<PostKind>(),
    by?: Person,
  ): Draft {
    const at = snowflakeTime(context.id) - this.random.skewed(20_000, THREE_DAYS);
    const person = by ?? this.people.anyone(context.language.code);
    const id = snowflakeAt(at, this.random.int(0, 4_194_303));
    return this.written({ id, person, language: context.language, fresh: false }, constraints, kinds);
  }

  private written(context: PostContext, constraints: PostConstraints, kinds: Set<PostKind>): Draft {
    const { random } = this;
    const author = context.person.user;
    const includes = startingWith(author);
    const pieces = compose(random, this.people, context.language, constraints);
    const extras: Partial<Post> = {};
    if (kinds.has('reply')) {
      const target = constraints.to === undefined ? this.people.anyone() : this.people.named(constraints.to);
      const parent = this.earlier(context, exclusionsOf(constraints), new Set(), target);
      extras.referenced_tweets = [{ type: 'replied_to', id: parent.data.id }];
      extras.in_reply_to_user_id = parent.author.id;
      extras.conversation_id = parent.data.conversation_id;
      if (!constraints.not.features.has('mentions')) pieces.unshift(mentionOf(parent.author), plain(' '));
      bring(includes, parent);
    }
    if (kinds.has('quote')) {
      const quoted = this.earlier(context, exclusionsOf(constraints));
      const link = postLink(random, quoted.author.username, quoted.data.id);
      extras.referenced_tweets = [
        ...(extras.referenced_tweets ?? []),
        { type: 'quoted', id: quoted.data.id },
      ];
      pieces.push(plain(' '), { kind: 'link', link });
      bring(includes, quoted);
    }
    attach(random, snowflakeTime(context.id), constraints, context.language, { pieces, includes, extras });
    locate(random, constraints, { includes, extras });
    if (random.chance(0.45)) extras.context_annotations = contextAnnotations(random);
    for (const piece of pieces)
      if (piece.kind === 'mention') addUser(includes, this.people.named(piece.username).user);
    const data = postObject(random, context, pieces, extras);
    return { data, includes, errors: [], author, pieces };
  }

  private retweet(context: PostContext, constraints: PostConstraints): Draft {
    const original = this.earlier(context, constraints, new Set(this.random.chance(0.15) ? ['quote'] : []));
    const start = [plain('RT '), mentionOf(original.author), plain(': ')];
    const pieces = shortened([...start, ...original.pieces], LONGEST_RETWEET);
    const author = context.person.user;
    const includes = startingWith(author);
    bring(includes, original);
    const data = postObject(this.random, context, pieces, {
      referenced_tweets: [{ type: 'retweeted', id: original.data.id }],
      ...(original.data.context_annotations && { context_annotations: original.data.context_annotations }),
    });
    data.public_metrics.retweet_count = original.data.public_metrics.retweet_count as number;
    return { data, includes, errors: [], author, pieces };
  }

  /** Sometimes X cannot expand a mention because the account is suspended; the post itself is complete. */
  private suspendMentioned({ data, includes, errors }: Draft): void {
    const name = data.entities?.mentions?.at(-1)?.username;
    const user = includes.users.find((one) => one.username === name);
    const needed = [
      data.author_id,
      data.in_reply_to_user_id,
      ...includes.tweets.map((post) => post.author_id),
    ];
    if (!user || needed.includes(user.id) || !this.random.chance(0.05)) return;
    includes.users.splice(includes.users.indexOf(user), 1);
    errors.push({
      parameter: 'entities.mentions.username',
      resource_id: user.username,
      value: user.username,
      detail: `User has been suspended: [${user.username}].`,
      title: 'Forbidden',
      resource_type: 'user',
      type: 'https://api.twitter.com/2/problems/resource-not-found',
    });
  }
}

/** The exclusions alone: they also apply to the quoted or replied-to post. */
const exclusionsOf = (constraints: PostConstraints): PostConstraints => ({
  words: [],
  hashtags: [],
  mentions: [],
  cashtags: [],
  kinds: new Set(),
  features: new Set(),
  not: constraints.not,
});

const mentionOf = (user: User): Piece => ({ kind: 'mention', username: user.username, id: user.id });

const startingWith = (author: User): Includes => ({
  users: [author],
  tweets: [],
  media: [],
  polls: [],
  places: [],
});

function bring(includes: Includes, other: Draft): void {
  includes.tweets.push(other.data);
  includes.media.push(...other.includes.media);
  for (const user of other.includes.users) addUser(includes, user);
}

function addUser(includes: Includes, user: User): void {
  if (!includes.users.some((one) => one.id === user.id)) includes.users.push(user);
}
