import { Problem } from '../../util/problem';
import type { ConnectPlan } from '../connect/reconnecting-stream';
import type { Subscription } from '../filtered/subscription';
import type { SourceKind } from '../source-kind';
import type { XFailure } from '../x/failure';
import { covers, type Query, queryOf } from './fields';

/** X repeats at most this many minutes (backfill_minutes). */
const maxBackfillMinutes = 5;
/** X delivers a post up to 7 s after its creation, so those of the last seconds before an outage may be missing too. */
const latencyMs = 10_000;

const backfill = 'backfill_minutes';

/** Builds the request for a stream: with the fields that its nodes need, and without what X has rejected. */
export class StreamRequestBuilder {
  private query: Query = {};
  private backfillMinutes = 0;
  private readonly rejected: Query = {};
  private backfillRejected = false;

  /** @param parameters of a stream that has no fields, such as v1.1's */
  constructor(
    private readonly kind: SourceKind,
    private readonly parameters: Query = {},
  ) {}

  /** The request's fields, for the search of missed posts. */
  get fields(): Query {
    return this.query;
  }

  /** Minutes of missed posts that the last request asked X to repeat; 0 for none. */
  get requestedBackfill(): number {
    return this.backfillMinutes;
  }

  /** @param outageMs how long posts were missed; undefined: none were */
  build(subscriptions: Subscription[], outageMs: number | undefined): ConnectPlan {
    const subscribers = subscriptions.map(({ subscriber }) => subscriber);
    this.query = this.fieldsFor(subscriptions);
    const wantsBackfill = subscribers.some(({ recover }) => recover === 'backfill') && !this.backfillRejected;
    this.backfillMinutes =
      wantsBackfill && outageMs !== undefined
        ? Math.min(maxBackfillMinutes, Math.ceil((outageMs + latencyMs) / 60_000))
        : 0;
    const { version, method, path } = this.kind;
    const minutes: Query = this.backfillMinutes > 0 ? { [backfill]: String(this.backfillMinutes) } : {};
    return {
      request: { version, method, path, parameters: { ...this.parameters, ...this.query, ...minutes } },
      stallTimeoutMs: Math.min(...subscribers.map(({ stallTimeoutMs }) => stallTimeoutMs)),
    };
  }

  /** Whether the open stream has the fields that these nodes need. */
  covers(subscriptions: Subscription[]): boolean {
    return covers(this.query, this.fieldsFor(subscriptions));
  }

  /** Nodes were deployed: what X rejected before may be tried again. */
  forget(): void {
    this.backfillRejected = false;
    for (const name of Object.keys(this.rejected)) delete this.rejected[name];
  }

  /**
   * Leaves out what X rejected, once.
   * @returns a warning, where the next request differs; undefined otherwise
   */
  adjust({ status, invalid, kind }: XFailure): Problem | undefined {
    const names = invalid.map(({ parameter }) => parameter);
    const backfillOnly = invalid.length === 0 && kind === 'forbidden';
    if (this.backfillMinutes > 0 && (names.includes(backfill) || backfillOnly) && !this.backfillRejected) {
      this.backfillRejected = true;
      return new Problem('backfill-rejected', { status: status ?? 0 });
    }
    if (status !== 400) return undefined;
    for (const { parameter, value } of invalid) {
      const requested = this.query[parameter]?.split(',') ?? [];
      const rejected = value === undefined ? requested : requested.filter((name) => name === value.trim());
      if (rejected.length === 0) continue;
      this.rejected[parameter] = [this.rejected[parameter], ...rejected].filter(Boolean).join(',');
      return new Problem('field-rejected', { parameter, fields: rejected.join(', ') });
    }
    return undefined;
  }

  private fieldsFor(subscriptions: Subscription[]): Query {
    if (!this.kind.rules) return {};
    const query = queryOf(subscriptions.map(({ subscriber }) => subscriber.fields));
    for (const [parameter, rejected] of Object.entries(this.rejected)) {
      const left = (query[parameter] ?? '').split(',').filter((name) => !rejected.split(',').includes(name));
      if (left.join() === '') delete query[parameter];
      else query[parameter] = left.join(',');
    }
    return query;
  }
}
