import { Problem } from '../../util/problem';
import { defaultMaxLineBytes } from '../line-decoder';
import { PendingBytes } from '../pending-bytes';
import { StreamLine } from '../stream-line';
import { ElementReader } from './element-reader';
import { layoutOf } from './layout';
import { LineReader } from './line-reader';
import {
  type RecordedMessage,
  type RecordingReader,
  type Rest,
  UnreadableRecording,
} from './recorded-message';
import type { ReplayFile } from './replay-file';

const newline = 0x0a;
const nothing = Buffer.alloc(0);
// A longer beginning is looked at again only when a line ends: its cost stays linear.
const startBytes = 64 * 1024;

/**
 * Reads the messages of a recording from its start: JSON lines, or JSON values in any other layout, see
 * {@link ElementReader}. The file is read in chunks; no more than the longest message is kept.
 *
 * @param maxBytes a longer message is a problem, and is skipped
 * @returns the messages of each chunk
 * @throws {UnreadableRecording} after all readable messages, if the file is cut off, damaged or not JSON
 */
export async function* messagesOf(
  file: Pick<ReplayFile, 'path' | 'bytes'>,
  maxBytes = defaultMaxLineBytes,
): AsyncGenerator<RecordedMessage[]> {
  const recording = new Recording(file.path, maxBytes);
  const chunks = file.bytes();
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => ({ cause }));
      if ('cause' in next) {
        const { messages, rest } = recording.cut();
        yield messages;
        throw unreadable(next.cause, rest);
      }
      yield next.done ? recording.end() : recording.push(next.value);
      if (recording.failure) throw recording.failure;
      if (next.done) return;
    }
  } finally {
    // The receiver may stop in the middle of the file.
    await chunks.return(undefined);
  }
}

/** A recording whose layout is found by its beginning. */
class Recording implements RecordingReader {
  private readonly start = new PendingBytes();
  private reader?: RecordingReader;

  constructor(
    private readonly file: string,
    private readonly maxBytes: number,
  ) {}

  get failure(): UnreadableRecording | undefined {
    return this.reader?.failure;
  }

  push(chunk: Buffer): RecordedMessage[] {
    if (this.reader) return this.reader.push(chunk);
    this.start.append(chunk);
    const { size } = this.start;
    if (size > startBytes && size <= this.maxBytes && !chunk.includes(newline)) return [];
    return this.readStart(size > this.maxBytes);
  }

  end(): RecordedMessage[] {
    const first = this.readStart(true);
    return [...first, ...(this.failure ? [] : (this.reader?.end() ?? []))];
  }

  cut(): { messages: RecordedMessage[]; rest: Rest } {
    const first = this.readStart(true);
    const last = this.reader?.cut();
    return {
      messages: [...first, ...(last?.messages ?? [])],
      rest: last?.rest ?? { bytes: nothing, number: 1 },
    };
  }

  /** @param final the layout must be found now */
  private readStart(final: boolean): RecordedMessage[] {
    if (this.reader) return [];
    const bytes = this.start.with(nothing);
    const layout = layoutOf(bytes, final);
    if (layout === undefined) return [];
    this.start.clear();
    this.reader =
      layout === 'lines'
        ? new LineReader(this.file, this.maxBytes)
        : new ElementReader(this.file, this.maxBytes);
    return this.reader.push(bytes);
  }
}

/** An error of the file, with the line that it was read to. */
function unreadable(error: unknown, { bytes, number }: Rest): UnreadableRecording {
  const problem = error instanceof Problem ? error : new Problem('replay-failed', {}, { cause: error });
  const payload = bytes.length > 0 ? new StreamLine(bytes).text : undefined;
  return new UnreadableRecording(problem.key, { ...problem.params, line: number }, payload, {
    cause: problem.cause,
  });
}
