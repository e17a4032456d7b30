import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { LineDecoder } from '../../../src/stream/line-decoder';
import { sourceKinds } from '../../../src/stream/source-kind';
import { RecentIds } from '../../../src/stream/state/recent-ids';
import { StreamLine } from '../../../src/stream/stream-line';

/** Reads a stream to its end. @returns how many messages it parsed */
export type Reader = (chunks: Buffer[]) => number;

/** The decoder of this package, and JSON.parse. */
export const readWithDecoder: Reader = (chunks) => {
  const decoder = new LineDecoder();
  let messages = 0;
  for (const chunk of chunks) {
    for (const { bytes } of decoder.push(chunk)) if (JSON.parse(bytes.toString('utf8'))) messages++;
  }
  return messages;
};

/** What one would write by hand: a string that grows with each chunk and is split at its line ends. */
export const readWithSplit: Reader = (chunks) => {
  const utf8 = new StringDecoder('utf8');
  let rest = '';
  let messages = 0;
  for (const chunk of chunks) {
    rest += utf8.write(chunk);
    const lines = rest.split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '' && JSON.parse(line)) messages++;
  }
  return messages;
};

interface LibraryParser extends EventEmitter {
  push(chunk: string): void;
}

/** The parser of twitter-api-v2, fed as its TweetStream feeds it. */
export const readWithLibrary: Reader = (chunks) => {
  const parser = new Parser();
  let messages = 0;
  parser.on('parsed data', () => messages++);
  for (const chunk of chunks) if (chunk.toString() !== '\r\n') parser.push(chunk.toString());
  return messages;
};

/** Ids that are remembered before a measurement, so that each new one removes one. */
const remembered = 100_000;

/** Lines parsed once, as the node does, with `dedupe` ids remembered; 0: none. */
export function readerWithDedupe(dedupe: number): Reader {
  const recent = dedupe > 0 ? new RecentIds(dedupe) : undefined;
  for (let id = 0; id < remembered; id++) recent?.add(String(1_000_000_000_000_000_000n + BigInt(id)));
  return (chunks) => {
    const decoder = new LineDecoder();
    let messages = 0;
    for (const chunk of chunks) {
      for (const { bytes } of decoder.push(chunk)) {
        const id = sourceKinds.filtered.postId(new StreamLine(bytes).valueIfJson);
        if (id !== undefined && recent?.add(id) === undefined) messages++;
      }
    }
    return messages;
  };
}

const load = createRequire(__filename);
const main = load.resolve('twitter-api-v2');
// Not part of the library's public modules.
const { default: Parser } = load(join(dirname(main), 'stream', 'TweetStreamParser.js')) as {
  default: new () => LibraryParser;
};
