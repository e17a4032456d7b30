import type { StreamRecord } from '../connect/outages';
import type { Dispatcher } from '../filtered/dispatcher';
import type { Roster } from '../filtered/roster';
import type { Subscription } from '../filtered/subscription';
import type { Query } from '../request/fields';
import type { SourceKind } from '../source-kind';
import type { RecentIds } from '../state/recent-ids';
import type { RequestBudget } from '../state/request-budget';
import type { StreamLine } from '../stream-line';
import type { XApp } from '../x/app';

/** What the recovery of a stream works with. */
export interface RecoveryParts {
  app: XApp;
  kind: SourceKind;
  connects: RequestBudget;
  searches: { recent: RequestBudget; all: RequestBudget };
  record: StreamRecord;
  onRecordChanged(): void;
  /** Ids of posts that came already. */
  recent: RecentIds;
  roster: Pick<Roster, 'all' | 'handover'>;
  dispatcher: Dispatcher;
  /** The fields of the stream. */
  fields(): Query;
  /** Sends a post to the nodes that lack it. @returns the nodes that received it */
  deliver(line: StreamLine, receivers: Subscription[], by: 'search' | 'backfill'): Subscription[];
}
