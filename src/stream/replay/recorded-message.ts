import type { SentenceKey } from '../../util/english';
import { Problem, type ProblemParams } from '../../util/problem';
import type { Line } from '../line-decoder';
import { beginning, type Place, StreamLine } from '../stream-line';

/** A message of a recording. With a problem, it is an error: `line` is its text, or the beginning of it. */
export interface RecordedMessage {
  line: StreamLine;
  problem?: Problem;
}

/** The text at the place where a recording ends or cannot be read, and the number of its line. */
export interface Rest {
  bytes: Buffer;
  number: number;
}

/** Reads the messages of a recording from its bytes. */
export interface RecordingReader {
  /** What stopped the reading, after the messages returned so far. */
  readonly failure?: UnreadableRecording;
  /** Adds the next bytes. @returns the messages that they complete */
  push(chunk: Buffer): RecordedMessage[];
  /** Call it at the end of the file. @returns the last messages */
  end(): RecordedMessage[];
  /** Call it where the file is damaged. @returns the last whole messages, and the text behind them */
  cut(): { messages: RecordedMessage[]; rest: Rest };
}

/** A recording that cannot be replayed from some line on. `payload` is the text there. */
export class UnreadableRecording extends Problem {
  constructor(
    key: SentenceKey,
    params: ProblemParams,
    readonly payload?: string | Buffer,
    options?: { cause?: unknown },
  ) {
    super(key, params, options);
  }
}

/** The failure for text that is not JSON. */
export function notJson(file: string, { bytes, number }: Rest): UnreadableRecording {
  const { text } = new StreamLine(bytes);
  const cause = jsonErrorOf(bytes);
  return new UnreadableRecording('replay-not-json', { file, line: number, start: beginning(bytes) }, text, {
    cause,
  });
}

/** The failure for a recording that ends in the middle of a message, or of an array. */
export function cutOff(file: string, { bytes, number }: Rest): UnreadableRecording {
  const payload = bytes.length > 0 ? new StreamLine(bytes).text : undefined;
  return new UnreadableRecording('replay-cut', { file, line: number }, payload);
}

/** A message over the limit, of which `bytes` is the beginning. */
export function tooLong({ bytes, number }: Line, file: string, limit: number): RecordedMessage {
  const start = beginning(bytes);
  const problem = new Problem('replay-too-long', { file, line: number, bytes: limit, start });
  return { line: new StreamLine(Buffer.from(start)), problem };
}

/** The place of a message, for its errors. */
export function placeOf(file: string, { number }: Line): Place {
  return { file, line: number };
}

function jsonErrorOf(bytes: Buffer): unknown {
  try {
    JSON.parse(bytes.toString('utf8'));
    return undefined;
  } catch (error) {
    return error;
  }
}
