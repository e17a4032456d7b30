import type { Random } from './random';
import type { Link } from './types';

export const shortLink = (random: Random) => `https://t.co/${random.text(10)}`;

/** A link to a web page; 40 % have the card that X reads from the page. */
export function webLink(random: Random): Link {
  const site = `${random.text(random.int(5, 10), 'abcdefghijklmnopqrstuvwxyz')}.example`;
  const path = `/${random.int(2019, 2026)}/${random.text(6)}-${random.text(9)}`;
  const link: Link = {
    url: shortLink(random),
    expanded_url: `https://www.${site}${path}?ref=share&id=${random.int(1, 9999)}`,
    display_url: `${site}${path.slice(0, 9)}…`,
  };
  if (!random.chance(0.4)) return link;
  const image = `https://pbs.twimg.com/news_img/${random.text(19, '123456789')}/${random.text(8)}?format=jpg&name=`;
  return {
    ...link,
    images: [
      { url: `${image}orig`, width: 1200, height: 630 },
      { url: `${image}150x150`, width: 150, height: 150 },
    ],
    status: 200,
    title: 'What we know so far – the story in five minutes',
    description:
      'A short summary of the page, as its author wrote it for previews: “who, what, where & why”.',
    unwound_url: `https://www.${site}${path}`,
  };
}

export function postLink(random: Random, username: string, id: string): Link {
  const path = `${username}/status/${id}`;
  return {
    url: shortLink(random),
    expanded_url: `https://x.com/${path}`,
    display_url: `x.com/${path.slice(0, 15)}…`,
  };
}
