import type { PostConstraints } from '../rules/constraints';
import type { Language } from './language';
import { shortLink } from './links';
import type { Random } from './random';
import { snowflakeAt } from './snowflake';
import { type Piece, plain } from './text';
import type { Includes, Link, Media, Poll, Post } from './types';

/** One to four photos, a video or a GIF, and the link to them in the text. */
function media(random: Random, at: number, type: Media['type']): { media: Media[]; link: Link } {
  const items: Media[] = [];
  const count = type === 'photo' ? random.pick([1, 1, 1, 2, 4]) : 1;
  while (items.length < count) {
    const id = snowflakeAt(at - 30_000, random.int(0, 4_194_303));
    const prefix = type === 'photo' ? 3 : type === 'video' ? 7 : 16;
    const item: Media = {
      media_key: `${prefix}_${id}`,
      type,
      width: random.pick([1200, 1080, 2048]),
      height: random.pick([675, 1350, 1536]),
    };
    if (type === 'photo') item.url = `https://pbs.twimg.com/media/${random.text(15)}.jpg`;
    else
      item.preview_image_url = `https://pbs.twimg.com/ext_tw_video_thumb/${id}/pu/img/${random.text(14)}.jpg`;
    if (type === 'photo' && random.chance(0.2))
      item.alt_text = 'A crowd under floodlights, seen from far up 🏟️';
    if (type === 'video') {
      const source = `https://video.twimg.com/ext_tw_video/${id}/pu/`;
      item.duration_ms = random.int(3000, 140_000);
      item.public_metrics = { view_count: random.skewed(0, 900_000) };
      item.variants = [
        { content_type: 'application/x-mpegURL', url: `${source}pl/${random.text(16)}.m3u8?tag=12` },
        {
          bit_rate: 832_000,
          content_type: 'video/mp4',
          url: `${source}vid/640x360/${random.text(16)}.mp4?tag=12`,
        },
      ];
    }
    items.push(item);
  }
  const url = shortLink(random);
  const link = { url, expanded_url: url, display_url: url.replace('https://t.co', 'pic.x.com') };
  return { media: items, link: { ...link, media_key: items[0]?.media_key as string } };
}

function poll(random: Random, at: number, labels: string[]): Poll {
  const minutes = random.pick([60, 1440, 4320]);
  return {
    id: snowflakeAt(at, random.int(0, 4_194_303)),
    options: labels.map((label, index) => ({ position: index + 1, label, votes: random.skewed(0, 800) })),
    duration_minutes: minutes,
    end_datetime: new Date(at + minutes * 60_000).toISOString(),
    voting_status: 'open',
  };
}

/** Adds attachments to a post: photos, a video, a GIF or a poll. */
export function attach(
  random: Random,
  at: number,
  { features, not }: PostConstraints,
  language: Language,
  post: { pieces: Piece[]; includes: Includes; extras: Partial<Post> },
): void {
  const required = (['media', 'images', 'videos'] as const).some((feature) => features.has(feature));
  const excluded = (['media', 'images', 'videos', 'links'] as const).some((feature) =>
    not.features.has(feature),
  );
  if (required || (!excluded && random.chance(0.22))) {
    const other = random.chance(0.8) ? 'video' : 'animated_gif';
    const usual = random.chance(0.7) ? 'photo' : other;
    const type = features.has('images') ? 'photo' : features.has('videos') ? 'video' : usual;
    const shown = media(random, at, type);
    post.includes.media.push(...shown.media);
    post.extras.attachments = { media_keys: shown.media.map((item) => item.media_key) };
    post.pieces.push(plain(' '), { kind: 'link', link: shown.link });
  } else if (random.chance(0.03)) {
    const labels = random.chance(0.5) ? language.topics.slice(0, 3) : ['👍', '👎'];
    const question = poll(random, at, labels);
    post.includes.polls.push(question);
    post.extras.attachments = { poll_ids: [question.id] };
  }
}
