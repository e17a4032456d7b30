import type { StoredFrame } from '../../../src/kafka/disk-queue/disk-log';
import type { Crash } from './memory-files';

/** A record that was appended, until it can never come back. */
export interface Known {
  /** Its place in the order of all records. */
  readonly id: number;
  readonly bytes: number;
  /** Its sequence number in this process: undefined before it is restored. */
  seq?: number;
  /** Cluster ids that its segment may have. */
  clusters: Set<string>;
  /** onSynced was called. */
  isSynced: boolean;
  /** It is of an earlier process. Without `isSynced` a power failure may still take it. */
  isRestored: boolean;
  isSettled: boolean;
  settledAt: number;
  /** It is settled, but its mark was lost. */
  mayReturn: boolean;
}

// kill -9 may lose marks that are not older; they are written once a second.
const markDelayMs = 1200;

/** What must be in a log: what was appended, synced and settled, over all its processes. */
export class LogModel {
  readonly violations: Error[] = [];
  readonly records = new Map<number, Known>();
  /** Records of this process by their sequence numbers. */
  readonly bySeq = new Map<number, Known>();
  hadPowerFailure = false;
  /** A call of the file system failed in this process, or in any. */
  hadFault = false;
  everHadFault = false;
  private lastId = 0;
  private lastRestored = 0;

  fail(what: string): void {
    this.violations.push(new Error(what));
  }

  /** @throws the first violation */
  check(): void {
    const [violation] = this.violations;
    if (violation) throw violation;
  }

  /** A record that is about to be appended. */
  next(bytes: number, clusterId: string): Known {
    const clusters = new Set([clusterId]);
    const state = { isSynced: false, isRestored: false, isSettled: false, settledAt: 0, mayReturn: false };
    return { id: ++this.lastId, bytes, clusters, ...state };
  }

  appended(record: Known, seq: number): void {
    for (const other of this.bySeq.keys()) if (other >= seq) this.fail(`${seq} is not after ${other}`);
    record.seq = seq;
    this.records.set(record.id, record);
    this.bySeq.set(seq, record);
  }

  settled(record: Known, now: number): void {
    record.isSettled = true;
    record.settledAt = now;
  }

  /** Records that are new or not synced may be written for another cluster. */
  clusterChanged(id: string): void {
    for (const record of this.records.values()) {
      if (!record.isSynced && record.seq !== undefined) record.clusters.add(id);
    }
  }

  /** Those of this process, in order. */
  get pending(): Known[] {
    return [...this.bySeq.values()].filter(({ isSettled }) => !isSettled).sort((a, b) => a.id - b.id);
  }

  restored(frame: StoredFrame): void {
    const id = frame.content.readUInt32LE(0);
    const record = this.records.get(id);
    if (!record) {
      this.fail(`restored ${id}, which cannot come back`);
      return;
    }
    if (id <= this.lastRestored) this.fail(`restored ${id} after ${this.lastRestored}`);
    this.lastRestored = id;
    if (record.seq !== undefined) this.fail(`restored ${id} twice, or of this process`);
    if (record.isSettled && !record.mayReturn) this.fail(`restored ${id}, which was settled`);
    for (const [seq, other] of this.bySeq) {
      if (other.id < id !== seq < frame.seq)
        this.fail(`${frame.seq} of ${id} is on the wrong side of ${seq}`);
    }
    record.isSettled = false;
    record.isRestored = true;
    record.seq = frame.seq;
    this.bySeq.set(frame.seq, record);
    this.checkFrame(frame);
    // A copy of a record that is not synced may be lost with the next power failure, and an earlier one come back.
    if (record.isSynced) record.clusters = new Set([frame.clusterId]);
  }

  /** The scan is complete. */
  opened(): void {
    for (const record of this.records.values()) {
      if (record.seq !== undefined) continue;
      if (record.isSettled) record.mayReturn &&= this.everHadFault || this.hadPowerFailure;
      // A disk that cannot be read hides records until a later start.
      else if (this.hadFault) continue;
      else if (record.isSynced) this.fail(`lost ${record.id}`);
      else if (!this.everHadFault) this.records.delete(record.id);
    }
  }

  /** The process has ended. */
  ended(kind: 'close' | Crash, now: number): void {
    if (kind !== 'close' && kind !== 'kill') this.hadPowerFailure = true;
    for (const record of this.records.values()) {
      record.seq = undefined;
      if (!record.isSettled) continue;
      const isRecent = kind === 'kill' && record.settledAt > now - markDelayMs;
      if (isRecent || this.hadPowerFailure || this.everHadFault) record.mayReturn = true;
    }
    this.bySeq.clear();
    this.lastRestored = 0;
  }

  checkFrame({ seq, content, clusterId }: StoredFrame): void {
    const record = this.bySeq.get(seq);
    if (!record) this.fail(`${seq} is not of this process`);
    else if (!content.equals(contentOf(record.id, record.bytes)))
      this.fail(`${record.id} has another content`);
    // A power loss may take the header of a group that was not synced, and leave some of its records.
    else if (clusterId === '' && this.hadPowerFailure && !record.isSynced) record.clusters.add('');
    else if (!record.clusters.has(clusterId)) this.fail(`${record.id} has the cluster id '${clusterId}'`);
  }
}

/** A record's content: its number, then bytes that follow from it. */
export function contentOf(id: number, bytes: number): Buffer {
  const content = Buffer.alloc(bytes, (id * 37 + 11) & 255);
  content.writeUInt32LE(id, 0);
  return content;
}
