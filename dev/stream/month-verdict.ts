import type { StreamEvent } from '../../src/stream/source';
import type { GeneratedPost } from '../x-api/streams/open-streams';

/** What became of the posts that X made. */
export interface PostCounts {
  /** Posts that X made from the fault until the stream was healthy again. */
  made: number;
  delivered: number;
  /** Those of them that search fetched. */
  recovered: number;
  /** Inside a reported gap. */
  missed: number;
  /** Those of them that search finds: all but retweets. */
  findable: number;
  /** Outside every reported gap, or sent by X in full over a connection that was not cut. */
  lost: number;
  duplicates: number;
}

/** What one fault did, all its occurrences together. */
export interface FaultResult extends PostCounts {
  row: string;
  name: string;
  times: number;
  connects: number;
  longestWaitMs: number;
  violations: string[];
}

/** X delivers a post up to 7 s after it was made. */
const latencyMs = 10_000;
/** Delivered posts that are remembered, to find duplicates. */
const remembered = 20_000;

/** Follows each post from X to the nodes. */
export class PostTracker {
  made = 0;
  delivered = 0;
  recovered = 0;
  duplicates = 0;
  gaps: StreamEvent[] = [];
  private readonly pending = new Map<string, GeneratedPost>();
  private readonly seen = new Set<string>();

  post(post: GeneratedPost): void {
    if (post.again) return;
    this.made++;
    this.pending.set(post.id, post);
  }

  message(node: string, id: string, isRecovered = false): void {
    const key = `${node} ${id}`;
    if (this.seen.has(key)) this.duplicates++;
    this.seen.add(key);
    for (const oldest of this.seen) {
      if (this.seen.size <= remembered) break;
      this.seen.delete(oldest);
    }
    if (!this.pending.delete(id)) return;
    this.delivered++;
    if (isRecovered) this.recovered++;
  }

  /** Decides about the posts until now and begins again. @param cuts complete lines may be lost with their connection */
  take(cuts: boolean): PostCounts {
    const { made, delivered, recovered, duplicates, pending } = this;
    const isMissed = ({ at, streams }: GeneratedPost): boolean =>
      (streams === 0 || cuts) && this.gaps.some(({ from, to }) => at >= from - latencyMs && at <= to);
    const inGaps = [...pending.values()].filter(isMissed);
    const missed = inGaps.length;
    const findable = inGaps.filter(({ retweet }) => !retweet).length;
    const lost = pending.size - missed;
    pending.clear();
    this.gaps = [];
    this.made = 0;
    this.delivered = 0;
    this.recovered = 0;
    this.duplicates = 0;
    return { made, delivered, recovered, missed, findable, lost, duplicates };
  }
}
