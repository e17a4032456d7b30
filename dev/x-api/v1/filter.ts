import type { FullPost, Generator } from '../generator';
import type { Random } from '../generator/random';
import { HttpError } from '../http';
import { noConstraints, type PostConstraints } from '../rules/constraints';
import type { Item, Source } from '../streams/sources';

/** The limits of v1.1. */
const MOST_TRACK = 400;
const MOST_FOLLOW = 5000;
const MOST_BOXES = 25;

type Box = [west: number, south: number, east: number, north: number];

/** The parameters of statuses/filter; posts satisfy one of track, follow and locations. */
export interface Filter {
  track: string[];
  follow: string[];
  locations: Box[];
  language: string[];
}

/** Parses the form of statuses/filter. @throws HttpError 406 without a filter, 413 above a limit */
export function filterOf(form: URLSearchParams): Filter {
  const list = (name: string) =>
    (form.get(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const numbers = list('locations').map(Number);
  const locations: Box[] = [];
  for (let index = 0; index + 3 < numbers.length; index += 4)
    locations.push(numbers.slice(index, index + 4) as Box);
  const filter = { track: list('track'), follow: list('follow'), locations, language: list('language') };
  if (filter.track.length + filter.follow.length + numbers.length === 0)
    throw new HttpError(
      406,
      'No filter parameters found. Expect at least one parameter: follow track locations\r\n',
    );
  if (numbers.length % 4 !== 0 || numbers.some(Number.isNaN) || filter.follow.some((id) => !/^\d+$/.test(id)))
    throw new HttpError(406, 'Parameter not acceptable: locations or follow\r\n');
  if (filter.track.length > MOST_TRACK) throw tooLarge('track', MOST_TRACK);
  if (filter.follow.length > MOST_FOLLOW) throw tooLarge('follow', MOST_FOLLOW);
  if (locations.length > MOST_BOXES) throw tooLarge('locations', MOST_BOXES);
  return filter;
}

const tooLarge = (name: string, limit: number) =>
  new HttpError(413, `The parameter ${name} is too large: at most ${limit}\r\n`);

/** Posts that satisfy the filter of the open stream; without a filter, any. */
export class V1Posts implements Source {
  filter: Filter | undefined;

  constructor(
    private readonly generator: Generator,
    private readonly random: Random,
    private readonly noticeShare: number,
  ) {}

  next(): Item {
    if (this.random.chance(this.noticeShare))
      return { bytes: Buffer.from(this.generator.notice(undefined, 'v1')) };
    if (!this.filter) return { post: this.generator.post(), matching: [] };
    return { post: this.filtered(this.filter), matching: [] };
  }

  private filtered({ track, follow, locations, language }: Filter): FullPost {
    const { random } = this;
    const constraints = noConstraints();
    if (language.length > 0) constraints.language = random.pick(language);
    const [phrase, user, box] = [one(random, track), one(random, follow), one(random, locations)];
    const kinds = [phrase && 'track', user && 'follow', box && 'locations'].filter(Boolean);
    const kind = random.pick(kinds);
    if (kind === 'track' && phrase) include(phrase, constraints);
    if (kind === 'follow' && user) constraints.from = user;
    const post = this.generator.post(constraints);
    if (kind === 'locations' && box) locate(post, box);
    return post;
  }
}

const one = <T>(random: Random, list: T[]): T | undefined =>
  list.length > 0 ? random.pick(list) : undefined;

/** The words of a phrase occur in any order. */
function include(phrase: string, constraints: PostConstraints): void {
  for (const word of phrase.split(/\s+/))
    if (/^#[\p{L}\p{N}\p{M}_]+$/u.test(word)) constraints.hashtags.push(word.slice(1));
    else if (/^@\w{1,15}$/.test(word)) constraints.mentions.push(word.slice(1));
    else constraints.words.push(word);
}

function locate({ data }: FullPost, [west, south, east, north]: Box): void {
  const coordinates: [number, number] = [(west + east) / 2, (south + north) / 2];
  data.geo = { place_id: '07d9db48bc083000', coordinates: { type: 'Point', coordinates } };
}
