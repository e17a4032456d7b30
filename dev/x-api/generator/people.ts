import { emoji, languages } from './languages';
import type { Random } from './random';
import { snowflakeAt } from './snowflake';
import { length } from './text';
import type { User } from './types';

const POOL_SIZE = 400;
/** Older accounts have small numeric ids, newer ones have snowflakes. */
const SNOWFLAKES_SINCE = Date.UTC(2016, 0, 1);

export interface Person {
  user: User;
  language: string;
}

/** The authors: a pool that depends on the seed, plus users that rules name. */
export class People {
  private readonly pool: Person[] = [];
  private readonly byName = new Map<string, Person>();

  constructor(private readonly random: Random) {
    while (this.pool.length < POOL_SIZE) this.pool.push(this.remember(this.invent()));
  }

  anyone(language?: string): Person {
    const speakers = language ? this.pool.filter((person) => person.language === language) : this.pool;
    if (speakers.length > 0) return this.random.pick(speakers);
    return { ...this.random.pick(this.pool), language: language as string };
  }

  /** The person with that username or numeric id; created if necessary. */
  named(nameOrId: string): Person {
    const name = nameOrId.toLowerCase();
    const known = this.byName.get(name);
    if (known) return known;
    const person = this.invent();
    if (/^\d+$/.test(name)) person.user.id = name;
    else person.user.username = nameOrId;
    return this.remember(person);
  }

  private remember(person: Person): Person {
    const { user } = person;
    while (this.byName.has(user.username.toLowerCase())) user.username += this.random.int(0, 9);
    this.byName.set(user.username.toLowerCase(), person);
    this.byName.set(user.id, person);
    return person;
  }

  private invent(): Person {
    const r = this.random;
    const language = r.weighted(languages);
    const made = r.int(Date.UTC(2007, 2, 1), Date.UTC(2022, 11, 31));
    const followers = r.skewed(0, 4_000_000);
    const link = `https://t.co/${r.text(10)}`;
    const site = `${inventedWord(r, r.int(2, 4))}.example`;
    const tag = inventedWord(r, r.int(2, 3));
    const description = [r.pick(language.bios), r.chance(0.4) ? r.pick(emoji) : '', `#${tag}`]
      .slice(0, r.chance(0.3) ? 3 : 2)
      .filter(Boolean)
      .join(' ');
    const tagAt = length(description) - tag.length - 1;
    const user: User = {
      id: made < SNOWFLAKES_SINCE ? String(r.int(600_000, 4_200_000_000)) : snowflakeAt(made, r.int(0, 4095)),
      name: r.pick(language.names) + (r.chance(0.2) ? ` ${r.pick(emoji)}` : ''),
      username: `${inventedWord(r, r.int(2, 4))}${r.chance(0.5) ? `_${r.int(1, 99)}` : ''}`,
      created_at: `${new Date(made).toISOString().slice(0, 19)}.000Z`,
      description,
      profile_image_url: `https://pbs.twimg.com/profile_images/${snowflakeAt(made + 86_400_000, 0)}/${r.text(8)}_normal.jpg`,
      protected: false,
      public_metrics: {
        followers_count: followers,
        following_count: r.skewed(0, 5000),
        tweet_count: r.skewed(1, 200_000),
        listed_count: Math.floor(followers / 300),
        like_count: r.skewed(0, 90_000),
        media_count: r.skewed(0, 9000),
      },
      url: '',
      verified: r.chance(0.12),
      verified_type: 'none',
    };
    if (user.verified) user.verified_type = r.chance(0.9) ? 'blue' : 'business';
    if (r.chance(0.6)) user.location = r.pick(language.locations);
    if (r.chance(0.3)) user.pinned_tweet_id = snowflakeAt(made + r.int(1, 300) * 86_400_000, 0);
    if (r.chance(0.5)) {
      user.url = link;
      const shown = { expanded_url: `https://www.${site}/`, display_url: site };
      user.entities = { url: { urls: [{ start: 0, end: length(link), url: link, ...shown }] } };
    }
    if (description.endsWith(`#${tag}`)) {
      const hashtags = [{ start: tagAt, end: tagAt + tag.length + 1, tag }];
      user.entities = { ...user.entities, description: { hashtags } };
    }
    return { user, language: language.code };
  }
}

/** A pronounceable invented word. */
function inventedWord(random: Random, syllables: number): string {
  const pair = () => random.text(1, 'bcdfghjklmnprstvwz') + random.text(1, 'aeiou');
  return Array.from({ length: syllables }, pair).join('') + random.pick(['', 'n', 's', 'x']);
}
