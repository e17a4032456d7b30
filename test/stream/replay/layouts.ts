/** A recording: its text, and where its messages are. */
export interface Recorded {
  name: string;
  text: string;
  messages: { text: string; from: number; to: number }[];
  /** The messages are elements of arrays. */
  inArray: boolean;
}

/** The text before and after all messages, and between two; and the text of a message. */
interface Layout {
  before: string;
  between: string;
  after: string;
  textOf(message: object): string;
}

const compact = JSON.stringify;
const pretty = (message: object): string => JSON.stringify(message, null, 2);
const indented = (message: object): string => pretty(message).replaceAll('\n', '\n  ');
const archive = (message: object): string =>
  JSON.stringify({ tweet: message }, null, 2).replaceAll('":', '" :');

const layouts: Record<string, Layout> = {
  'JSON lines': { before: '', between: '\n', after: '\n', textOf: compact },
  'JSON lines with CRLF, blank lines and spaces': {
    before: '\r\n',
    between: ' \r\n\r\n  \t',
    after: '\r\n',
    textOf: compact,
  },
  'JSON lines without the last line end': { before: '', between: '\n', after: '', textOf: compact },
  'indented array': { before: '[\n  ', between: ',\n  ', after: '\n]\n', textOf: indented },
  'array, commas at line ends': { before: '[\n', between: ',\n', after: '\n]\n', textOf: compact },
  'array, commas at line starts': { before: '[', between: '\n,', after: '\n]', textOf: compact },
  'array with CRLF': { before: '[\r\n', between: ',\r\n', after: '\r\n]\r\n', textOf: compact },
  'array on one line': { before: '[', between: ',', after: ']', textOf: compact },
  'arrays on several lines': { before: '[', between: ']\n[', after: ']\n', textOf: compact },
  archive: { before: 'window.YTD.tweets.part0 = [\n  ', between: ',\n  ', after: '\n]', textOf: archive },
  'archive with semicolon': {
    before: '\nwindow.YTD.deleted_tweets.part12 = [ ',
    between: ', ',
    after: ' ];\n',
    textOf: archive,
  },
  'parts of an archive': {
    before: 'window.YTD.like.part0 = [ ',
    between: ' ];\nwindow.YTD.like.part1 = [\n',
    after: ' ]\n',
    textOf: archive,
  },
  'pretty-printed objects': { before: '', between: '\n', after: '\n', textOf: pretty },
  'objects on one line': { before: '', between: '', after: '', textOf: compact },
  'objects with commas at line starts': { before: '', between: '\n,', after: '\n', textOf: compact },
  'objects with commas': { before: '', between: ',\n', after: ',\n', textOf: compact },
};

export const layoutNames = Object.keys(layouts);

/** Writes messages in a layout. */
export function recordedAs(name: string, objects: readonly object[]): Recorded {
  const layout = layouts[name];
  if (!layout) throw new Error(`no layout ${name}`);
  let text = layout.before;
  const messages = objects.map((object, index) => {
    if (index > 0) text += layout.between;
    const from = text.length;
    const one = layout.textOf(object);
    text += one;
    return { text: one, from, to: text.length };
  });
  text += layout.after;
  return { name, text, messages, inArray: layout.after.includes(']') };
}
