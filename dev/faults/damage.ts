import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lane } from './flow';
import type { RunContext } from './run-context';

export type Damage = 'cut' | 'garbage' | 'zeros' | 'flipped';

/** The bytes of a file from `from` up to `to`. */
interface Range {
  from: number;
  to: number;
}

const cutBytes = 1500;
const zeroBytes = 3000;
const garbageBytes = 1000;
const flips = 5;

/**
 * Damages the queue of each lane, which no process has open, and notes which records lose bytes.
 * @throws if a queue is empty
 */
export function damageQueues(run: RunContext, damage: Damage): void {
  for (const lane of run.lanes) run.destroyed.set(lane.id, damageQueue(run, lane, damage));
}

function damageQueue(run: RunContext, lane: Lane, damage: Damage): Set<number> {
  const file = largestSegment(run.queueFolder(lane));
  const bytes = readFileSync(file);
  const { content, ranges } = damaged(bytes, damage);
  writeFileSync(file, content);
  const hit = recordsIn(bytes).filter((record) =>
    ranges.some(({ from, to }) => from < record.to && to > record.from),
  );
  return new Set(hit.map(({ id }) => id));
}

function damaged(bytes: Buffer, damage: Damage): { content: Buffer; ranges: Range[] } {
  const middle = Math.floor(bytes.length / 2);
  if (damage === 'cut') {
    const from = bytes.length - cutBytes;
    return { content: bytes.subarray(0, from), ranges: [{ from, to: bytes.length }] };
  }
  if (damage === 'garbage') return { content: Buffer.concat([bytes, randomBytes(garbageBytes)]), ranges: [] };
  const content = Buffer.from(bytes);
  if (damage === 'zeros') {
    content.fill(0, middle, middle + zeroBytes);
    return { content, ranges: [{ from: middle, to: middle + zeroBytes }] };
  }
  const positions = Array.from({ length: flips }, (_, index) =>
    Math.floor(((index + Math.random()) * bytes.length) / flips),
  );
  for (const at of positions) content.writeUInt8(content.readUInt8(at) ^ (1 << (at % 8)), at);
  return { content, ranges: positions.map((at) => ({ from: at, to: at + 1 })) };
}

/** The records in a segment, by the text of their values: all bytes since the value before belong to the record. */
function recordsIn(bytes: Buffer): Array<Range & { id: number }> {
  const records: Array<Range & { id: number }> = [];
  let from = 0;
  for (const match of bytes.toString('latin1').matchAll(/(\d+):x{99,}/g)) {
    const to = match.index + match[0].length;
    records.push({ id: Number(match[1]), from, to });
    from = to;
  }
  return records;
}

function largestSegment(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.segment')) : [];
  const files = names.map((name) => join(folder, name)).sort((a, b) => statSync(b).size - statSync(a).size);
  const [file] = files;
  if (!file || recordsIn(readFileSync(file)).length < 20)
    throw new Error(`${folder} holds too few records: the damage would test nothing.`);
  return file;
}
