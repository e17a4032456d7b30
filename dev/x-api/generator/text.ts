import type { Entities, Link } from './types';

/** A piece of a post's text: plain text or an entity. */
export type Piece =
  | { kind: 'plain'; text: string }
  | { kind: 'named'; text: string; type: string; probability: number }
  | { kind: 'hashtag'; tag: string }
  | { kind: 'cashtag'; tag: string }
  | { kind: 'mention'; username: string; id: string }
  | { kind: 'link'; link: Link };

export const plain = (text: string): Piece => ({ kind: 'plain', text });

/** Length in code points, the unit of X's positions. */
export const length = (text: string): number => [...text].length;

/** X escapes these three characters and counts positions in the escaped text. */
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export function textOf(piece: Piece): string {
  switch (piece.kind) {
    case 'hashtag':
      return `#${piece.tag}`;
    case 'cashtag':
      return `$${piece.tag}`;
    case 'mention':
      return `@${piece.username}`;
    case 'link':
      return piece.link.url;
    default:
      return escaped(piece.text);
  }
}

/** The text of the pieces and the positions of its entities. */
export function render(pieces: Piece[]): { text: string; entities?: Entities } {
  const found: Required<Entities> = {
    annotations: [],
    cashtags: [],
    hashtags: [],
    mentions: [],
    urls: [],
  };
  let text = '';
  let start = 0;
  for (const piece of pieces) {
    const part = textOf(piece);
    const end = start + length(part);
    addEntity(piece, { start, end }, found);
    text += part;
    start = end;
  }
  const filled = Object.entries(found).filter(([, list]) => list.length > 0);
  return filled.length === 0 ? { text } : { text, entities: Object.fromEntries(filled) };
}

function addEntity(piece: Piece, position: { start: number; end: number }, found: Required<Entities>): void {
  if (piece.kind === 'hashtag') found.hashtags.push({ ...position, tag: piece.tag });
  else if (piece.kind === 'cashtag') found.cashtags.push({ ...position, tag: piece.tag });
  else if (piece.kind === 'mention')
    found.mentions.push({ ...position, username: piece.username, id: piece.id });
  else if (piece.kind === 'link') found.urls.push({ ...position, ...piece.link });
  else if (piece.kind === 'named') {
    const { probability, type, text } = piece;
    found.annotations.push({
      start: position.start,
      end: position.end - 1,
      probability,
      type,
      normalized_text: escaped(text),
    });
  }
}

/** The pieces that fit into `limit` code points, the last one truncated with an ellipsis. */
export function shortened(pieces: Piece[], limit: number): Piece[] {
  const kept: Piece[] = [];
  let left = limit;
  for (const [index, piece] of pieces.entries()) {
    const size = length(textOf(piece));
    const last = index === pieces.length - 1;
    if (size < left || (last && size <= left)) {
      kept.push(piece);
      left -= size;
      continue;
    }
    // A truncated entity becomes plain text. Truncate before escaping, so that no `&am…` remains.
    const room = [...(piece.kind === 'plain' || piece.kind === 'named' ? piece.text : '')];
    while (room.length > 0 && length(escaped(room.join(''))) > left - 1) room.pop();
    kept.push(plain(`${room.join('')}…`));
    break;
  }
  return kept;
}
