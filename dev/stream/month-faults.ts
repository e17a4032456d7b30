import { type FaultName, namedFaults } from '../x-api/faults/named';
import type { Fault } from '../x-api/faults/types';
import { operationalDisconnect, rateLimitExceeded, streamError, usageCapExceeded } from '../x-api/problems';
import type { XApi } from '../x-api/server';

/** Shortest and longest wait, ms. */
export type Wait = readonly [number, number];

/** A fault of a healthy stream, and what the reconnect policy requires then. */
export interface MonthFault {
  /** The row of the policy: see src/stream/connect/reconnect-policy.ts. */
  row: number;
  name: string;
  start(api: XApi): void;
  /** The waits until the next attempt, in order. */
  waits: Wait[];
  /** Outages, where their number is not the one of streams that X opened: X's 200 already ends one. */
  outages?: number;
  /** Bytes of complete lines that X has sent may be lost with the connection. */
  cuts?: boolean;
  /** Called when the stream is connected again. */
  end?(api: XApi): void;
}

/** Up to a tenth longer; timers count in ms. */
const about = (ms: number): Wait => [ms, ms * 1.1 + 1];
const now: Wait = [0, 1];
const quarterHour = about(900_000);

/** Ends the open stream; then the fault meets the next request, or the next ones. */
const nextRequests =
  (fault: Fault, times = 1) =>
  (api: XApi): void => {
    api.faultNext(fault, times);
    api.endStreams();
  };

const named = (row: number, name: FaultName, ...waits: Wait[]): MonthFault => ({
  row,
  name,
  start: nextRequests(namedFaults[name]),
  waits: [now, ...waits],
});

const capLine = (api: XApi): void => api.sendError(streamError(usageCapExceeded()), { close: true });

/** The faults of each row; `perHour` of them occur each hour, the others in the next hours. */
export const monthRows: { perHour: number; faults: MonthFault[] }[] = [
  {
    perHour: 3,
    faults: [
      { row: 1, name: 'end', start: (api) => api.endStreams(), waits: [now] },
      { row: 1, name: 'reset', start: (api) => api.reset(), waits: [now], cuts: true },
      { row: 1, name: 'truncated chunk', start: (api) => api.truncateChunks(), waits: [now], cuts: true },
      {
        row: 1,
        name: 'cut in mid-line',
        start: (api) => void api.dropConnections({ midLine: true }),
        waits: [now],
        cuts: true,
      },
      {
        row: 1,
        name: 'operational-disconnect',
        start: (api) => api.sendError(streamError(operationalDisconnect()), { close: true }),
        waits: [now],
      },
      {
        row: 1,
        name: 'operational-disconnect, stays open',
        start: (api) => api.sendError(streamError(operationalDisconnect())),
        waits: [now],
      },
      {
        row: 1,
        name: 'silence',
        start: nextRequests({ kind: 'then', afterMs: 70_000, end: 'silence' }),
        waits: [now, now],
      },
    ],
  },
  {
    perHour: 1,
    faults: [
      { ...named(2, 'reset', about(250), about(500)), start: nextRequests({ kind: 'reset' }, 2) },
      named(2, 'hang', about(250)),
      named(2, 'trickle-headers', about(250)),
    ],
  },
  {
    perHour: 1,
    faults: [
      {
        row: 3,
        name: 'five short connections',
        start: nextRequests({ kind: 'then', afterMs: 1000, end: 'close' }, 5),
        waits: [now, about(250), about(500), about(750), about(5000), about(10_000)],
      },
    ],
  },
  {
    perHour: 1,
    faults: [
      {
        ...named(4, 'unavailable-503', about(5000), about(10_000), about(20_000)),
        start: nextRequests(namedFaults['unavailable-503'], 3),
      },
      {
        row: 4,
        name: '503 with Retry-After: 120',
        start: nextRequests({
          kind: 'answer',
          status: 503,
          body: 'sorry',
          headers: { 'retry-after': '120' },
        }),
        waits: [now, [119_000, 121_000]],
      },
      named(4, 'html-200', about(5000)),
      // The answer looks like X's until its first line.
      named(4, 'not-json-200', about(5000)),
      named(4, 'page-403', about(5000)),
    ],
  },
  {
    perHour: 1,
    faults: [
      {
        row: 5,
        name: '429 without headers',
        start: nextRequests({
          kind: 'answer',
          status: 429,
          body: { title: 'Too Many Requests' },
          bare: true,
        }),
        waits: [now, about(60_000)],
      },
      // X's window ends within 15 minutes.
      named(5, 'rate-limit-429', [60_000, 901_000]),
      {
        row: 5,
        name: 'rate-limit-exceeded as a line',
        start: (api) => api.sendError(streamError(rateLimitExceeded()), { close: true }),
        waits: [about(60_000)],
      },
    ],
  },
  {
    perHour: 2,
    faults: [
      {
        row: 6,
        name: 'X releases the connection late',
        start: (api) => {
          api.settings.lateReleaseMs = 30_000;
          api.endStreams();
        },
        waits: [now, [1000, 1001]],
        end: (api) => {
          api.settings.lateReleaseMs = 0;
        },
      },
      {
        row: 6,
        name: 'a second client connects',
        start: (api) => {
          api.endStreams();
          api.otherClient.connect();
          setTimeout(() => api.otherClient.disconnect(), 30_000);
        },
        waits: [now, about(60_000)],
      },
    ],
  },
  { perHour: 1, faults: [named(7, 'provisioning-503', about(60_000))] },
  {
    perHour: 1,
    faults: [
      named(8, 'no-rules-409', now),
      {
        row: 8,
        name: 'a second client deletes the rules',
        start: (api) => {
          api.otherClient.deleteRules('all');
          api.endStreams();
        },
        waits: [now, now],
      },
    ],
  },
  {
    perHour: 1,
    faults: [
      named(9, 'usage-cap-429', quarterHour),
      named(9, 'credits-402', quarterHour),
      named(9, 'unauthorized-401', quarterHour),
      named(9, 'unsupported-authentication-403', quarterHour),
      { row: 9, name: 'usage cap as a line', start: capLine, waits: [quarterHour] },
    ],
  },
];

/** The faults of an hour, counted from 0. */
export function faultsOf(hour: number): MonthFault[] {
  return monthRows.flatMap(({ perHour, faults }) =>
    Array.from(
      { length: perHour },
      (_, index) => faults[(hour * perHour + index) % faults.length] as MonthFault,
    ),
  );
}
