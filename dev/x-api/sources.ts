import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { MatchingRule } from './fields';
import type { FullPost, Generator } from './generator';
import type { Random } from './generator/random';
import type { RuleSet } from './rule-set';
import { constraintsFor } from './rules';

/** One thing to send: bytes as they are, or a post that each request sees its own way. */
export type Item = { bytes: Buffer } | { post: FullPost; matching: MatchingRule[] };

/** Where the lines come from. */
export interface Source {
  /** The next item; `nothing` when there is none this time, `end` when there will be none any more. */
  next(): Item | 'nothing' | 'end';
}

/** Enough that a rule which posts can match at all is matched. */
const ATTEMPTS = 40;

/** Posts made so that the present rules match them, and notices among them. */
export class GeneratedLines implements Source {
  constructor(
    private readonly generator: Generator,
    private readonly rules: RuleSet,
    private readonly noticeShare: number,
    private readonly random: Random,
  ) {}

  next(): Item | 'nothing' {
    const { trees } = this.rules;
    if (trees.length === 0) return 'nothing';
    if (this.random.chance(this.noticeShare)) return { bytes: Buffer.from(this.generator.notice()) };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const post = this.generator.post(constraintsFor(this.random.pick(trees), this.random));
      const matching = this.rules.matching(post);
      if (matching.length > 0) return { post, matching };
    }
    return 'nothing';
  }
}

/** The lines of a file, byte for byte; empty ones are left out, for they would be keep-alives. */
export class RecordedLines implements Source {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(
    file: string,
    private readonly repeat: boolean,
  ) {
    this.bytes = read(file);
    if (this.bytes.toString('latin1').trim() === '')
      throw new Error(`The file ${file} has no lines to send.`);
  }

  next(): Item | 'end' {
    for (;;) {
      if (this.at >= this.bytes.length) {
        if (!this.repeat) return 'end';
        this.at = 0;
      }
      const found = this.bytes.indexOf('\n', this.at);
      const end = found === -1 ? this.bytes.length : found;
      const line = this.bytes.subarray(this.at, this.bytes[end - 1] === 0x0d ? end - 1 : end);
      this.at = end + 1;
      if (line.length > 0) return { bytes: line };
    }
  }
}

function read(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    throw new Error(`Cannot read the lines of ${file}: ${(error as Error).message}`);
  }
}
