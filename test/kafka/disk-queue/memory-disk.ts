/** Bytes that grow. Where nothing was written there are zeros. */
class Bytes {
  private buffer: Buffer;
  length: number;

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.buffer = content;
    this.length = content.length;
  }

  write(data: Buffer, position: number): void {
    const end = position + data.length;
    if (end > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(end, this.buffer.length * 2, 512));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    data.copy(this.buffer, position);
    this.length = Math.max(this.length, end);
  }

  truncate(length: number): void {
    if (length > this.length) this.write(Buffer.alloc(length - this.length), this.length);
    this.buffer.fill(0, length, this.length);
    this.length = length;
  }

  get content(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

/** A change of a file that is not synced: bytes at a position, or a new length. */
type Change = { position: number; data: Buffer } | { length: number };

function apply(bytes: Bytes, change: Change): void {
  if ('data' in change) bytes.write(change.data, change.position);
  else bytes.truncate(change.length);
}

/** Returns a number from 0 up to 1, without it. */
export type Random = () => number;

/** Numbers that follow from a seed. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What becomes of bytes that are not synced when the power fails. */
export type Fate = 'survive' | 'vanish' | 'torn' | 'zeros' | 'scattered';
export const fates: readonly Fate[] = ['survive', 'vanish', 'torn', 'zeros', 'scattered'];

/** A file: its bytes as programs see them, and as they are on the disk. */
export class MemoryFile {
  handles = 0;
  private readonly seen: Bytes;
  private readonly disk: Bytes;
  private readonly changes = new Set<Change>();

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.seen = new Bytes(Buffer.from(content));
    this.disk = new Bytes(Buffer.from(content));
  }

  get length(): number {
    return this.seen.length;
  }

  get content(): Buffer {
    return this.seen.content;
  }

  write(data: Buffer, position: number): void {
    this.change({ position, data: Buffer.from(data) });
  }

  truncate(length: number): void {
    this.change({ length });
  }

  /** Begins a sync of what was written so far. @returns ends it: after an error those bytes never reach the disk */
  sync(): (failed: boolean) => void {
    const begun = [...this.changes];
    return (failed) => {
      for (const change of begun) {
        // The operating system forgets what it could not write: a later sync succeeds without it.
        if (this.changes.delete(change) && !failed) apply(this.disk, change);
      }
    };
  }

  /** The file after a power failure. */
  afterCrash(fate: Fate, random: Random): MemoryFile {
    const changes = [...this.changes];
    const left = new Bytes(Buffer.from(this.disk.content));
    if (fate === 'survive') for (const change of changes) apply(left, change);
    else if (fate === 'torn') tear(left, changes, random);
    else if (fate === 'zeros') for (const change of changes) apply(left, zeroed(change));
    else if (fate === 'scattered') scatter(left, changes, random);
    return new MemoryFile(left.content);
  }

  private change(change: Change): void {
    apply(this.seen, change);
    this.changes.add(change);
  }
}

const zeroed = (change: Change): Change =>
  'data' in change ? { position: change.position, data: Buffer.alloc(change.data.length) } : change;

/** The first changes happened, one of them in part. */
function tear(bytes: Bytes, changes: Change[], random: Random): void {
  const whole = Math.floor(random() * changes.length);
  for (const change of changes.slice(0, whole)) apply(bytes, change);
  const last = changes[whole];
  if (last && 'data' in last) {
    apply(bytes, { ...last, data: last.data.subarray(0, Math.floor(random() * (last.data.length + 1))) });
  }
}

/** Any blocks happened, in no order. */
function scatter(bytes: Bytes, changes: Change[], random: Random): void {
  const block = 64;
  for (const change of changes) {
    if (!('data' in change)) {
      if (random() < 0.5) apply(bytes, change);
      continue;
    }
    for (let at = 0; at < change.data.length; at += block) {
      if (random() < 0.5) continue;
      apply(bytes, { position: change.position + at, data: change.data.subarray(at, at + block) });
    }
  }
}

export type Entry = MemoryFile | MemoryFolder;

/** A change of a folder that is not synced: a name gets an entry, or loses it; a rename does both at once. */
interface FolderChange {
  entry: Entry;
  removed?: string;
  added?: string;
}

/** A folder: its names as programs see them, and as they are on the disk. */
export class MemoryFolder {
  readonly entries = new Map<string, Entry>();
  private readonly disk = new Map<string, Entry>();
  private readonly changes = new Set<FolderChange>();

  change(change: FolderChange): void {
    applyTo(this.entries, change);
    this.changes.add(change);
  }

  /** Begins a sync. @returns ends it */
  sync(): (failed: boolean) => void {
    const begun = [...this.changes];
    return (failed) => {
      if (failed) return;
      for (const change of begun) if (this.changes.delete(change)) applyTo(this.disk, change);
    };
  }

  /** The folder after a power failure: each change that was not synced has happened or not. */
  afterCrash(fateOf: () => Fate, random: Random): MemoryFolder {
    const left = new Map(this.disk);
    const always = fateOf();
    for (const change of this.changes) {
      if (always === 'survive' || (always !== 'vanish' && random() < 0.5)) applyTo(left, change);
    }
    const after = new MemoryFolder();
    for (const [name, entry] of left) {
      const there =
        entry instanceof MemoryFolder ? entry.afterCrash(fateOf, random) : entry.afterCrash(fateOf(), random);
      after.entries.set(name, there);
      after.disk.set(name, there);
    }
    return after;
  }
}

function applyTo(names: Map<string, Entry>, { entry, removed, added }: FolderChange): void {
  if (removed !== undefined && names.get(removed) === entry) names.delete(removed);
  if (added !== undefined) names.set(added, entry);
}
