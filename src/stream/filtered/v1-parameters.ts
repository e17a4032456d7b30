import { Problem } from '../../util/problem';

/** The fields of a v1.1 filter, as typed: comma-separated. */
export interface V1Filter {
  track?: string;
  follow?: string;
  locations?: string;
  language?: string;
}

/** X's limits ("Filter realtime Tweets: parameters"). */
const v1Limits = { track: 400, follow: 5000, locations: 25 } as const;
const longestPhrase = 60;
const boxNumbers = 4;

/**
 * The form of `POST statuses/filter.json`. X joins track, follow and locations by OR.
 * @throws Problem "v1-filter-empty", "v1-filter-too-many", "v1-phrase-too-long", "v1-follow-invalid",
 *   "v1-locations-invalid"
 */
export function v1FilterParameters(filter: V1Filter): Record<string, string> {
  const track = itemsOf(filter.track);
  const follow = itemsOf(filter.follow);
  const locations = itemsOf(filter.locations);
  const language = itemsOf(filter.language);
  if (track.length + follow.length + locations.length === 0) throw new Problem('v1-filter-empty');
  checkCount('track', track.length);
  checkCount('follow', follow.length);
  const long = track.find((phrase) => new TextEncoder().encode(phrase).length > longestPhrase);
  if (long !== undefined) throw new Problem('v1-phrase-too-long', { phrase: long, longest: longestPhrase });
  const invalid = follow.find((id) => !/^\d+$/.test(id));
  if (invalid !== undefined) throw new Problem('v1-follow-invalid', { id: invalid });
  checkLocations(locations.map(Number));
  const parameters: Record<string, string> = { stall_warnings: 'true' };
  for (const [name, items] of Object.entries({ track, follow, locations, language })) {
    if (items.length > 0) parameters[name] = items.join(',');
  }
  return parameters;
}

function checkCount(field: keyof typeof v1Limits, count: number): void {
  const most = v1Limits[field];
  if (count > most) throw new Problem('v1-filter-too-many', { field, count, most });
}

/** Boxes of four numbers: longitude and latitude of the south-west corner, then of the north-east one. */
function checkLocations(numbers: number[]): void {
  checkCount('locations', numbers.length / boxNumbers);
  const valid =
    numbers.length % boxNumbers === 0 &&
    numbers.every((number, at) => Math.abs(number) <= (at % 2 === 0 ? 180 : 90)) &&
    numbers.every((number, at) => at % boxNumbers < 2 || number > (numbers[at - 2] as number));
  if (!valid) throw new Problem('v1-locations-invalid');
}

const itemsOf = (list = ''): string[] =>
  list
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter(Boolean);
