import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReconnectPolicy } from '../../../src/stream/connect/reconnect-policy';
import { XFailure } from '../../../src/stream/x/failure';
import type { FailureKind } from '../../../src/stream/x/failure-kinds';

const now = Date.UTC(2026, 7, 22);
const failure = (kind: FailureKind, notBefore?: number) =>
  new XFailure(kind, {}, { reason: kind, notBefore });

interface Row {
  row: string;
  kinds: FailureKind[];
  healthy?: boolean;
  /** The waits of failures in a row, s; 'failed', or the retry of a failed one. */
  waits: Array<number | 'failed' | { retry: number }>;
  served?: boolean;
}

const rows: Row[] = [
  {
    row: '1',
    kinds: ['ended', 'closed', 'dropped', 'proxy-dropped', 'stalled'],
    healthy: true,
    waits: [0, 0, 0, 0, 0],
  },
  {
    row: '2',
    kinds: [
      'unreachable',
      'connect-timeout',
      'proxy-unreachable',
      'proxy-auth',
      'proxy-refused',
      'proxy-timeout',
      'proxy-cut',
    ],
    waits: [0.25, 0.5, 0.75, 1, ...Array(59).fill(undefined), 16, 16],
  },
  {
    row: '3',
    kinds: ['ended', 'closed', 'dropped', 'proxy-dropped', 'stalled'],
    waits: [0.25, 0.5, 0.75, 5, 10, 20],
  },
  {
    row: '4',
    kinds: ['server-error', 'unexpected-status', 'not-the-api', 'no-token', 'unexpected'],
    waits: [5, 10, 20, 40, 80, 160, 320, 320],
  },
  { row: '5', kinds: ['rate-limit'], waits: [60, 120, 240, 480, 900, 900] },
  { row: '6', kinds: ['too-many-connections', 'other-connection'], waits: [60, 120, 240, 480, 900, 900] },
  { row: '7', kinds: ['provisioning'], waits: [60, 60, 60] },
  { row: '8', kinds: ['no-rules'], waits: [0, 5, 10, 20] },
  {
    row: '9: needs a person',
    kinds: ['token-refused', 'new-token-refused', 'key-refused', 'signature-refused', 'forbidden', 'refused'],
    waits: ['failed', 'failed'],
  },
  {
    row: '9: X has served this App before',
    kinds: ['token-refused', 'forbidden', 'refused'],
    served: true,
    waits: [{ retry: 900 }, { retry: 900 }],
  },
  {
    row: '9: caps',
    kinds: ['usage-cap', 'credits', 'spend-cap', 'spend-cap-until'],
    waits: [{ retry: 900 }, { retry: 900 }],
  },
];

for (const { row, kinds, healthy = false, waits, served = false } of rows) {
  test(`policy: row ${row} -> its waits`, () => {
    for (const kind of kinds) {
      const policy = new ReconnectPolicy(() => 0);
      waits.forEach((expected, at) => {
        const next = policy.next(failure(kind), { healthy, served }, now);
        const actual =
          'waitMs' in next
            ? next.waitMs / 1000
            : next.retryMs === undefined
              ? 'failed'
              : { retry: next.retryMs / 1000 };
        if (expected !== undefined) assert.deepEqual(actual, expected, `${kind}, failure ${at + 1}`);
      });
    }
  });
}

test('policy: jitter -> up to a tenth longer', () => {
  for (const random of [0, 0.5, 0.999]) {
    const next = new ReconnectPolicy(() => random).next(failure('server-error'), {
      healthy: false,
      served: true,
    });
    assert.ok('waitMs' in next && Math.abs(next.waitMs - 5000 * (1 + random / 10)) < 1e-6);
  }
});

test('policy: only a healthy connection -> the waits begin again', () => {
  const policy = new ReconnectPolicy(() => 0);
  const waits = (kind: FailureKind, healthy: boolean): unknown =>
    policy.next(failure(kind), { healthy, served: true }, now);
  waits('server-error', false);
  waits('rate-limit', false);
  assert.deepEqual(waits('closed', false), { waitMs: 250 });
  assert.deepEqual(waits('server-error', false), { waitMs: 10_000 });
  assert.deepEqual(waits('rate-limit', false), { waitMs: 120_000 });
  assert.deepEqual(waits('closed', true), { waitMs: 0 });
  assert.deepEqual(waits('server-error', false), { waitMs: 5000 });
  assert.deepEqual(waits('rate-limit', false), { waitMs: 60_000 });
});

test("policy: X's own time -> not before; no rules, then another failure -> not twice in a row", () => {
  const policy = new ReconnectPolicy(() => 0);
  const history = { healthy: false, served: true };
  assert.deepEqual(policy.next(failure('rate-limit', now + 300_000), history, now), { waitMs: 300_000 });
  assert.deepEqual(policy.next(failure('server-error', now + 120_000), history, now), { waitMs: 120_000 });
  assert.deepEqual(policy.next(failure('no-rules'), history, now), { waitMs: 0 });
  assert.deepEqual(policy.next(failure('unreachable'), history, now), { waitMs: 250 });
  assert.deepEqual(policy.next(failure('no-rules'), history, now), { waitMs: 0 });
  assert.deepEqual(policy.next(failure('no-rules'), history, now), { waitMs: 10_000 });
});
