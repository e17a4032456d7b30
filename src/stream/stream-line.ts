import { isUtf8 } from 'node:buffer';
import { Problem } from '../util/problem';

/** What a message of the node carries: the parsed object and the text, the text, or the bytes. */
export type Format = 'object' | 'text' | 'buffer';

/** Properties of `msg`; `raw` only beside a parsed payload. */
export interface MessageProperties {
  payload: unknown;
  raw?: string | Buffer;
}

/** Where a message stands in a recorded file. */
export interface Place {
  file: string;
  line: number;
}

/** One message as received, parsed at most once for all its receivers. */
export class StreamLine {
  private valueUsed = false;
  private decoded?: string | Buffer;
  private parsed?: { value: unknown } | { problem: Problem };

  /**
   * @param bytes the line without its line end; must not change afterwards
   * @param place if it comes from a file, for its errors
   */
  constructor(
    readonly bytes: Buffer,
    private readonly place?: Place,
  ) {}

  /** The same message with bytes of its own. */
  copy(): StreamLine {
    return new StreamLine(Buffer.from(this.bytes), this.place);
  }

  /** The exact text; the bytes where they are not valid UTF-8, because decoding would alter them. */
  get text(): string | Buffer {
    this.decoded ??= isUtf8(this.bytes) ? this.bytes.toString('utf8') : Buffer.from(this.bytes);
    return this.decoded;
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

  /** The parsed JSON; undefined where the text is not JSON. */
  get valueIfJson(): unknown {
    this.parsed ??= this.parse();
    return 'value' in this.parsed ? this.parsed.value : undefined;
  }

  /** Why the text is not JSON: "line-not-json"; undefined for JSON. */
  get problem(): Problem | undefined {
    this.parsed ??= this.parse();
    return 'problem' in this.parsed ? this.parsed.problem : undefined;
  }

  /**
   * The properties of a message in a format.
   * @throws Problem "line-not-json" in the format "object"
   */
  as(format: Format): MessageProperties {
    if (format === 'text') return { payload: this.text };
    // A copy: the line's bytes are part of a larger chunk and would keep all of it in memory.
    if (format === 'buffer') return { payload: Buffer.from(this.bytes) };
    return { payload: this.unsharedValue(), raw: this.text };
  }

  /** A separate object for each receiver: a flow may change its message. */
  private unsharedValue(): unknown {
    const { value } = this;
    if (!this.valueUsed) {
      this.valueUsed = true;
      return value;
    }
    return JSON.parse(this.bytes.toString('utf8'));
  }

  private parse(): { value: unknown } | { problem: Problem } {
    try {
      return { value: JSON.parse(this.bytes.toString('utf8')) };
    } catch (error) {
      const cause = this.place ? new Problem('replay-place', { ...this.place }, { cause: error }) : error;
      return { problem: new Problem('line-not-json', { start: beginning(this.bytes) }, { cause }) };
    }
  }
}

/** The first 120 characters of a line, for an error. */
export function beginning(bytes: Buffer): string {
  return [...bytes.subarray(0, 480).toString('utf8')].slice(0, 120).join('');
}
