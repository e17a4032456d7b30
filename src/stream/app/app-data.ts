import type { StreamRecord, UnreportedGap } from '../connect/outages';
import { type DayCounts, readDay } from '../state/day-counters';

/** What is kept of an App across restarts. Times are epoch ms. */
export interface AppData {
  /** By the key of the stream. */
  streams: Record<string, StreamRecord>;
  /** Connects that X answered, by kind of stream. */
  connects: Record<string, number[]>;
  ruleReads: number[];
  ruleWrites: number[];
  searches: number[];
  archiveSearches: number[];
  /** The values of the rules that this package added. */
  ownRules: string[];
  today: DayCounts;
}

/** The version of the file's format. */
export const appDataVersion = 1;

/** Reads a parsed state file; what is missing or invalid is empty. */
export function readAppData(value: unknown): AppData {
  const saved = Object(value) as Record<string, unknown>;
  return {
    streams: mapped(saved.streams, readRecord),
    connects: mapped(saved.connects, timesIn),
    ruleReads: timesIn(saved.ruleReads),
    ruleWrites: timesIn(saved.ruleWrites),
    searches: timesIn(saved.searches),
    archiveSearches: timesIn(saved.archiveSearches),
    ownRules: stringsIn(saved.ownRules),
    today: readDay(saved.today),
  };
}

/** A stream that was never received. */
export const emptyRecord = (): StreamRecord => ({ nodes: [], recent: [] });

function readRecord(value: unknown): StreamRecord {
  const saved = Object(value) as Record<string, unknown>;
  const { aliveAt, openedAt, answeredAt, lastId, stopped, nodes, recent, recovering } = saved;
  return {
    aliveAt: timeIn(aliveAt),
    openedAt: timeIn(openedAt),
    answeredAt: timeIn(answeredAt),
    lastId: typeof lastId === 'string' ? lastId : undefined,
    stopped: stopped === true,
    nodes: stringsIn(nodes),
    recovering: listIn(recovering).flatMap(readGap),
    recent: listIn(recent).flatMap((entry) => {
      const [at, id] = listIn(entry);
      return timeIn(at) !== undefined && typeof id === 'string' ? [[Number(at), id] as [number, string]] : [];
    }),
  };
}

function readGap(value: unknown): UnreportedGap[] {
  const { from, to, lastId, cause, status, by, nodes } = Object(value) as Record<string, unknown>;
  if (timeIn(from) === undefined || timeIn(to) === undefined) return [];
  return [
    {
      from: Number(from),
      to: Number(to),
      lastId: typeof lastId === 'string' ? lastId : undefined,
      cause: String(cause),
      status: timeIn(status),
      by: by === 'search' ? by : 'backfill',
      nodes: stringsIn(nodes),
    },
  ];
}

function mapped<Value>(value: unknown, read: (entry: unknown) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(Object(value)).map(([key, entry]) => [key, read(entry)]));
}

const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const stringsIn = (value: unknown): string[] =>
  listIn(value).filter((entry): entry is string => typeof entry === 'string');

const timesIn = (value: unknown): number[] =>
  listIn(value)
    .filter((entry): entry is number => timeIn(entry) !== undefined)
    .sort((one, other) => one - other);

const timeIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
