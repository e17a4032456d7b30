import { StreamReader } from '../connect/stream-reader';
import { defaultMaxLineBytes } from '../line-decoder';
import type { Query } from '../request/fields';
import type { SourceKind } from '../source-kind';
import type { RequestBudget } from '../state/request-budget';
import type { StreamLine } from '../stream-line';
import type { XApp } from '../x/app';
import { XFailure } from '../x/failure';
import { timeText } from './gap-search';

export interface RecoveryStreamOptions {
  app: XApp;
  kind: SourceKind;
  fields: Query;
  connects: RequestBudget;
  /** Epoch ms by X's clock. */
  from: number;
  to: number;
  onLine(line: StreamLine): void;
  /** @param failure why it ended before X had sent everything; undefined: it is complete */
  onEnd(failure: XFailure | undefined): void;
}

const connectTimeoutMs = 20_000;
/** X may need longer for old posts than for new ones. */
const stallTimeoutMs = 90_000;

/** A second connection, on which an Enterprise App receives the posts of a time in the last 24 hours; X closes it at the end. */
export class RecoveryStream {
  private readonly reader?: StreamReader;

  /** Calls `options` in later turns only. */
  constructor({ app, kind, fields, connects, from, to, onLine, onEnd }: RecoveryStreamOptions) {
    const waitMs = connects.waitMs(Date.now());
    if (waitMs > 0) {
      const { host } = new URL(app.baseUrl);
      const params = { host, count: connects.count, minutes: connects.windowMs / 60_000 };
      queueMicrotask(() => onEnd(new XFailure('request-budget', params, { reason: 'request budget' })));
      return;
    }
    const { version, method, path } = kind;
    // In full seconds, not in the future: the last seconds come on the new connection.
    const parameters = { ...fields, start_time: timeText(from), end_time: timeText(to) };
    const request = { version, method, path, parameters };
    const reader = new StreamReader(
      { app, kind, request, connectTimeoutMs, stallTimeoutMs, maxLineBytes: defaultMaxLineBytes },
      {
        onAnswer: () => connects.spend(Date.now()),
        onOpen: () => {},
        onLine,
        onAlive: () => {},
        // X repeats the line that it cut when the connection ends early; such an end is reported.
        onLineCut: () => {},
        onEnd: (failure) => {
          if (!reader.answered && failure.status !== undefined) connects.spend(Date.now());
          onEnd(reader.answered && failure.kind === 'closed' ? undefined : failure);
        },
      },
    );
    this.reader = reader;
  }

  /** Closes it; `onEnd` is not called. */
  close(): void {
    this.reader?.close();
  }
}
