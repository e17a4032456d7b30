import { isUtf8 } from 'node:buffer';
import { Problem } from '../util/problem';

/** How a message leaves the node: parsed beside its text, the text alone, or its bytes. */
export type Format = 'object' | 'text' | 'buffer';

/** What a message carries; `raw` only beside a parsed payload. */
export interface StreamMessage {
  payload: unknown;
  raw?: string | Buffer;
}

/** One message as it came, parsed at most once however many want it. */
export class StreamLine {
  private given = false;
  private exact?: string | Buffer;
  private parsed?: { value: unknown } | { problem: Problem };

  /** @param bytes the line without its line end; not to be changed afterwards */
  constructor(readonly bytes: Buffer) {}

  /** The exact text; the bytes where they are not valid UTF-8, since decoding would alter them. */
  get text(): string | Buffer {
    this.exact ??= isUtf8(this.bytes) ? this.bytes.toString('utf8') : Buffer.from(this.bytes);
    return this.exact;
  }

  /**
   * The parsed JSON, of any type.
   * @throws Problem "line-not-json"
   */
  get value(): unknown {
    this.parsed ??= this.parse();
    if ('problem' in this.parsed) throw this.parsed.problem;
    return this.parsed.value;
  }

  /** The parsed JSON, or undefined where it is none. */
  get valueIfJson(): unknown {
    this.parsed ??= this.parse();
    return 'value' in this.parsed ? this.parsed.value : undefined;
  }

  /**
   * The message in a format.
   * @throws Problem "line-not-json" in the format "object"
   */
  as(format: Format): StreamMessage {
    if (format === 'text') return { payload: this.text };
    // A copy: the line's own bytes are a part of a larger chunk and would keep all of it in memory.
    if (format === 'buffer') return { payload: Buffer.from(this.bytes) };
    return { payload: this.ownValue(), raw: this.text };
  }

  /** Each taker gets an object of its own: flows may change theirs. */
  private ownValue(): unknown {
    const { value } = this;
    if (!this.given) {
      this.given = true;
      return value;
    }
    return JSON.parse(this.bytes.toString('utf8'));
  }

  private parse(): { value: unknown } | { problem: Problem } {
    try {
      return { value: JSON.parse(this.bytes.toString('utf8')) };
    } catch (cause) {
      return { problem: new Problem('line-not-json', { start: beginning(this.bytes) }, { cause }) };
    }
  }
}

/** The first 120 characters of a line, for an error. */
export function beginning(bytes: Buffer): string {
  return [...bytes.subarray(0, 480).toString('utf8')].slice(0, 120).join('');
}

/** The id of the post in a v2 message; undefined where it is no post. */
export function postIdOf(value: unknown): string | undefined {
  const id = (value as { data?: { id?: unknown } } | null | undefined)?.data?.id;
  return typeof id === 'string' && /^\d+$/.test(id) ? id : undefined;
}
