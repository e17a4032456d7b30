import type { PostConstraints } from '../rules/constraints';
import type { Random } from './random';
import type { ContextAnnotation, Includes, Place, Post } from './types';

const places: [name: string, region: string, country: string, code: string, west: number, south: number][] = [
  ['Manhattan', 'NY', 'United States', 'US', -74.026675, 40.683935],
  ['東京都', '日本', '日本', 'JP', 139.562, 35.523],
  ['São Paulo', 'Brasil', 'Brasil', 'BR', -46.826039, -24.008814],
  ['서울특별시', '대한민국', '대한민국', 'KR', 126.764, 37.428],
  ['Lisboa', 'Portugal', 'Portugal', 'PT', -9.229835, 38.691401],
];

function place(random: Random): Place {
  const [name, region, country, country_code, west, south] = random.pick(places);
  // Derived from the place, so that the same place has the same id.
  const id = Buffer.from(`${country_code}${name}`).toString('hex').padEnd(16, '0').slice(0, 16);
  const bbox: Place['geo']['bbox'] = [west, south, west + 0.116, south + 0.194];
  const geo = { type: 'Feature' as const, bbox, properties: {} };
  return { id, full_name: `${name}, ${region}`, name, country, country_code, place_type: 'city', geo };
}

/** Adds a place to a post, rarely unless required. */
export function locate(
  random: Random,
  { features, not }: PostConstraints,
  post: { includes: Includes; extras: Partial<Post> },
) {
  if (!features.has('geo') && (not.features.has('geo') || !random.chance(0.04))) return;
  const where = place(random);
  post.includes.places.push(where);
  post.extras.geo = { place_id: where.id };
  if (!random.chance(0.2)) return;
  const [west, south] = where.geo.bbox;
  post.extras.geo.coordinates = { type: 'Point', coordinates: [west + 0.0512345, south + 0.0987654] };
}

const subjects: [domain: string, name: string, description: string, entities: string[]][] = [
  ['6', 'Sports Event', 'A single game, match or race', ['Basketball finals', 'City Cup semi-final']],
  [
    '11',
    'Sport',
    'Types of sports, like soccer and basketball',
    ['Basketball', 'Soccer', 'Cricket', 'Tennis'],
  ],
  [
    '30',
    'Entities [Entity Service]',
    'Entity Service top level domain, every item that is in Entity Service should be in this domain',
    ['Technology', 'Open source', 'Science', 'Food'],
  ],
  ['55', 'Music Genre', 'A category for a musical style, like Pop, Rock, or Rap', ['K-pop', 'Jazz', 'Samba']],
  [
    '131',
    'Unified Twitter Taxonomy',
    'A taxonomy of user interests. ',
    ['Coffee', 'Weather', 'Election news', 'Travel 旅行'],
  ],
];

export function contextAnnotations(random: Random): ContextAnnotation[] {
  return Array.from({ length: random.skewed(1, 8) }, () => {
    const [id, name, description, entities] = random.pick(subjects);
    const entity = random.pick(entities);
    const annotation: ContextAnnotation = {
      domain: { id, name, description },
      entity: {
        id: `84${Buffer.from(entity).toString('hex').replace(/\D/g, '').padEnd(16, '7').slice(0, 16)}`,
        name: entity,
      },
    };
    if (random.chance(0.6)) annotation.entity.description = `${entity}: posts, people and news`;
    return annotation;
  });
}
