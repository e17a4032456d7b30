import type { DiskLog } from '../../disk-queue/disk-log';
import { decodeRecord } from '../record/stored-record';

/** Finds out when the oldest record on disk was accepted, in the background. */
export class OldestRecord {
  /** Epoch milliseconds, as it was known at the last check. */
  acceptedAt?: number;
  private seq?: number;

  constructor(private readonly log: Pick<DiskLog, 'isPending' | 'read'>) {}

  /** Call it from time to time. @param records how many are on disk */
  check(records: number): void {
    if (records === 0 || (this.seq !== undefined && this.log.isPending(this.seq))) return;
    this.log.read(0, 1).then(
      ({ frames: [frame] }) => {
        const stored = frame && decodeRecord(frame.content);
        this.seq = stored && frame.seq;
        this.acceptedAt = stored?.acceptedAt;
      },
      // The next check tries again.
      () => {},
    );
  }
}
