import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { MatchingRule } from '../fields';
import type { FullPost, Generator } from '../generator';
import type { Random } from '../generator/random';
import type { RuleSet } from '../rule-set';
import { constraintsFor } from '../rules';

/** What to send: bytes, or a post that is serialized for each request. */
export type Item = { bytes: Buffer } | PostItem;

export interface PostItem {
  post: FullPost;
  matching: MatchingRule[];
  /** The post was sent before. */
  again?: boolean;
}

/** The source of the lines. */
export interface Source {
  /** The next item; `nothing` if there is none now, `end` if there will be none. */
  next(): Item | 'nothing' | 'end';
}

/** Enough to match any rule that generated posts can match. */
const ATTEMPTS = 40;

/** Generated posts that match the current rules, and notices. */
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

/** The lines of a file, byte for byte, without empty ones, which would be keep-alives. */
export class RecordedLines implements Source {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(
    file: string,
    private readonly repeat: boolean,
  ) {
    this.bytes = read(file);
    if (this.bytes.toString('latin1').trim() === '') throw new Error(`The file ${file} contains no lines.`);
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
    throw new Error(`Cannot read ${file}: ${(error as Error).message}`);
  }
}
