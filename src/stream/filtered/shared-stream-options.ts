import type { StreamRecord } from '../connect/outages';
import { StaleConnections } from '../connect/stale-connections';
import type { RecoveryParts } from '../recover/recovery-parts';
import type { Query } from '../request/fields';
import type { SourceKind } from '../source-kind';
import type { DayCounters } from '../state/day-counters';
import type { RecentIds } from '../state/recent-ids';
import type { RequestBudget } from '../state/request-budget';
import type { XApp } from '../x/app';
import type { RuleKeeperOptions } from './rule-keeper';
import type { Subscription } from './subscription';

/** What a stream of an App works with. */
export interface SharedStreamOptions {
  app: XApp;
  kind: SourceKind;
  /** Of a stream that has no rules. */
  parameters?: Query;
  connects: RequestBudget;
  /** Of a stream with rules. */
  rules?: Pick<RuleKeeperOptions, 'budgets' | 'own' | 'onOwnChanged'>;
  record: StreamRecord;
  onRecordChanged(atOnce?: boolean): void;
  recent: RecentIds;
  counters: DayCounters;
  searches: RecoveryParts['searches'];
  /** The last node has left. */
  onIdle(): void;
}

/** What ends the App's stale connection; undefined for a kind without a Connections API. @param nodes that use the stream */
export function staleConnections(
  { app, kind, record }: SharedStreamOptions,
  nodes: () => Subscription[],
): StaleConnections | undefined {
  if (kind.endpoint === undefined) return undefined;
  return new StaleConnections({
    app,
    endpoint: kind.endpoint,
    own: () => ({
      connectedUntil: Math.max(record.aliveAt ?? 0, record.answeredAt ?? 0),
      openedAt: record.openedAt,
    }),
    takeOver: () => nodes().some(({ subscriber }) => subscriber.takeOver),
  });
}
