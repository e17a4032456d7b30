import { type Line, LineDecoder } from '../line-decoder';
import { StreamLine } from '../stream-line';
import {
  notJson,
  placeOf,
  type RecordedMessage,
  type RecordingReader,
  type Rest,
  tooLong,
  type UnreadableRecording,
} from './recorded-message';

const tab = 0x09;
const carriageReturn = 0x0d;
const space = 0x20;

// A file that begins with so much that is not JSON has no JSON lines.
const maxHeldLines = 100;
const maxHeldBytes = 1024 * 1024;

/**
 * Reads JSON lines. A line that is not JSON is passed on like any other: the receiver parses it. Only if no line is
 * JSON, all of them are one failure.
 */
export class LineReader implements RecordingReader {
  failure?: UnreadableRecording;
  private readonly decoder: LineDecoder;
  /** The lines before the first that is JSON. */
  private held: { message: RecordedMessage; rest: Rest }[] = [];
  private heldBytes = 0;
  private anyJson = false;

  constructor(
    private readonly file: string,
    private readonly maxBytes: number,
  ) {
    this.decoder = new LineDecoder(maxBytes);
  }

  push(chunk: Buffer): RecordedMessage[] {
    const messages: RecordedMessage[] = [];
    for (const line of this.decoder.push(chunk)) {
      if (this.failure) break;
      this.add(line, messages);
    }
    return messages;
  }

  end(): RecordedMessage[] {
    const messages: RecordedMessage[] = [];
    const last = this.decoder.end();
    if (last) this.add(last, messages);
    // A last line without its line end may be cut off, which only parsing shows.
    const added = messages.at(-1);
    if (last && added) added.problem ??= added.line.problem;
    this.failIfHeld();
    return messages;
  }

  cut(): { messages: RecordedMessage[]; rest: Rest } {
    const last = this.decoder.end();
    const messages = this.held.map(({ message }) => message);
    const line = last && !last.cut ? this.lineOf(last) : undefined;
    // An object is whole if it is JSON; a number may lack digits.
    if (typeof line?.valueIfJson === 'object') {
      messages.push({ line });
      return { messages, rest: { bytes: Buffer.alloc(0), number: this.decoder.number } };
    }
    return { messages, rest: { bytes: last?.bytes ?? Buffer.alloc(0), number: this.decoder.number } };
  }

  private add(line: Line, messages: RecordedMessage[]): void {
    if (line.cut) {
      messages.push(tooLong(line, this.file, this.maxBytes));
      return;
    }
    const message = { line: this.lineOf(line) };
    if (message.line.bytes.length === 0) return;
    if (this.anyJson || !message.line.problem) {
      this.anyJson = true;
      for (const { message } of this.held) messages.push(message);
      this.held = [];
      messages.push(message);
      return;
    }
    this.held.push({ message, rest: { bytes: message.line.bytes, number: line.number } });
    this.heldBytes += line.bytes.length;
    if (this.held.length >= maxHeldLines || this.heldBytes >= maxHeldBytes) this.failIfHeld();
  }

  private failIfHeld(): void {
    const [first] = this.held;
    if (first) this.failure = notJson(this.file, first.rest);
  }

  private lineOf(line: Line): StreamLine {
    return new StreamLine(trimmed(line.bytes), placeOf(this.file, line));
  }
}

/** Without the spaces around the JSON: they are not part of the message. */
function trimmed(bytes: Buffer): Buffer {
  let from = 0;
  let to = bytes.length;
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  return from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === tab || byte === carriageReturn;
}
