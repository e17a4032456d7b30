import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Retry, XFailure } from '../../../src/stream/x/failure';
import { ReconnectBackoff } from '../../../src/stream/x/reconnect-backoff';

const kinds = {
  dropped: 'dropped',
  tcp: 'unreachable',
  http: 'server-error',
  'rate-limit': 'rate-limit',
  never: 'refused',
} as const;
const failure = (retry: Retry, notBefore?: number): XFailure =>
  new XFailure(kinds[retry], {}, { reason: 'test', notBefore });
const steady = { opened: true, delivered: true, openMs: 3_600_000 };
const short = { opened: true, delivered: true, openMs: 100 };
const empty = { opened: true, delivered: false, openMs: 100 };
const never = { opened: false, delivered: false, openMs: 0 };
const exact = (): ReconnectBackoff => new ReconnectBackoff(1, () => 0);

test('backoff: after a working connection -> 0, then 250 ms more each time up to 16 s', () => {
  const backoff = exact();
  assert.equal(backoff.next(failure('dropped'), steady), 0);
  const waits = Array.from({ length: 70 }, () => backoff.next(failure('tcp'), never));
  assert.deepEqual(waits.slice(0, 4), [250, 500, 750, 1000]);
  assert.equal(waits.at(-1), 16_000);
  assert.equal(backoff.next(failure('dropped'), steady), 0);
});

test('backoff: never connected -> 250 ms', () => {
  assert.equal(exact().next(failure('tcp'), never), 250);
});

test('backoff: HTTP errors -> 5 s, doubling up to 320 s', () => {
  const backoff = exact();
  const waits = Array.from({ length: 8 }, () => backoff.next(failure('http'), never));
  assert.deepEqual(
    waits,
    [5, 10, 20, 40, 80, 160, 320, 320].map((s) => s * 1000),
  );
});

test('backoff: 429 -> one minute, doubling, at least until the reset time', () => {
  const backoff = exact();
  assert.equal(backoff.next(failure('rate-limit'), never), 60_000);
  assert.equal(backoff.next(failure('rate-limit'), never), 120_000);
  const later = backoff.next(failure('rate-limit', Date.now() + 800_000), never) ?? 0;
  assert.ok(later > 790_000 && later <= 800_000);
  assert.equal(exact().next(failure('rate-limit', Date.now() + 1000), never), 60_000);
});

test('backoff: connection that delivered -> starts over', () => {
  const backoff = exact();
  backoff.next(failure('http'), never);
  assert.equal(backoff.next(failure('http'), never), 10_000);
  assert.equal(backoff.next(failure('dropped'), steady), 0);
  assert.equal(backoff.next(failure('http'), never), 5_000);
});

test('backoff: accepted and closed repeatedly -> growing waits', () => {
  const backoff = exact();
  const waits = Array.from({ length: 8 }, () => backoff.next(failure('dropped'), empty) ?? 0);
  assert.deepEqual(waits, [250, 500, 750, 1000, 5_000, 10_000, 20_000, 40_000]);
  const flapping = exact();
  const growing = Array.from({ length: 4 }, () => flapping.next(failure('dropped'), short));
  assert.deepEqual(growing, [0, 250, 500, 750]);
});

test('backoff: error that a person must fix -> undefined', () => {
  assert.equal(exact().next(failure('never'), steady), undefined);
});

test('backoff: jitter -> up to a tenth longer', () => {
  assert.equal(new ReconnectBackoff(1, () => 1).next(failure('http'), never), 5_500);
});
