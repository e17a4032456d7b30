import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { timestampOf } from '../../../../src/kafka/delivery/record/timestamp';

const now = 1_700_000_000_000;
const iso = (text: string): number => new Date(text).getTime();

test('timestamp: milliseconds, dates and texts of dates -> epoch ms; missing -> now', () => {
  const noon = Date.UTC(2026, 10, 25, 12);
  const cases: Array<[unknown, number]> = [
    [1569693923661, 1569693923661],
    ['1569693923661', 1569693923661],
    [1569693923661n, 1569693923661],
    [1569693923661.9, 1569693923661],
    ['1569693923661.9', 1569693923661],
    [100_000_000_000, 100_000_000_000],
    [9_999_999_999_999, 9_999_999_999_999],
    [new Date(5), 5],
    ['1970-01-01T00:00:00Z', 0],
    ['2019-09-28T18:05:23.661Z', 1569693923661],
    ['Wed Nov 25 12:00:00 +0000 2026', noon],
    ['Wed Nov 25 14:00:00 +0200 2026', noon],
    ['Wed, 25 Nov 2026 12:00:00 GMT', noon],
    ['Wed, 25 Nov 2026 07:00:00 -0500', noon],
    ['Sun, 1 Mar 2026 00:00:00 GMT', Date.UTC(2026, 2, 1)],
    ['2026-11-25', Date.UTC(2026, 10, 25)],
    ['2026-11-25T12:00Z', noon],
    ['2026-11-25 12:00:00+00', noon],
    ['2026-11-25 14:00:00.5 ', Number.NaN],
    ['2026-11-25T12:00:00.123456789Z', noon + 123],
    ['2026-11-25T12:00:00', iso('2026-11-25T12:00:00')],
    ['2026-07-01 12:00', iso('2026-07-01T12:00')],
    ['2100-03-01T00:00:00Z', Date.UTC(2100, 2, 1)],
    ['1995-06-07T08:09:10Z', Date.UTC(1995, 5, 7, 8, 9, 10)],
    [undefined, now],
    [null, now],
    ['', now],
  ];
  for (const [timestamp, ms] of cases) {
    if (Number.isNaN(ms)) assert.throws(() => timestampOf(timestamp, now), { key: 'timestamp-invalid' });
    else assert.equal(timestampOf(timestamp, now), ms, String(timestamp));
  }
});

test('timestamp: any date in a form that is accepted -> that date', () => {
  const date = fc.date({ min: new Date(0), max: new Date('2300-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(date, (time) => {
      const second = Math.floor(time.getTime() / 1000) * 1000;
      const [, day, month, year, clock] = time.toUTCString().split(/,? /);
      const weekday = time.toUTCString().slice(0, 3);
      assert.equal(timestampOf(time, now), time.getTime());
      assert.equal(timestampOf(time.toISOString(), now), time.getTime());
      assert.equal(timestampOf(time.toUTCString(), now), second);
      assert.equal(timestampOf(`${weekday} ${month} ${day} ${clock} +0000 ${year}`, now), second);
    }),
  );
});

test('timestamp: seconds, microseconds, nanoseconds, 0 -> error that says so', () => {
  const seconds = [
    1764072000,
    '1764072000',
    1764072000.123,
    '1764072000.123',
    1764072000n,
    1e8,
    99_999_999_999,
  ];
  const micro = [1764072000000000, '1764072000000000', 1e14, 9.9e16];
  const nano = ['1764072000000000000', 1764072000000000000n, 1e17, 1.7e18];
  for (const value of seconds) assert.throws(() => timestampOf(value, now), { key: 'timestamp-seconds' });
  for (const value of micro) assert.throws(() => timestampOf(value, now), { key: 'timestamp-microseconds' });
  for (const value of nano) assert.throws(() => timestampOf(value, now), { key: 'timestamp-nanoseconds' });
  for (const value of [0, '0', 0n, -0, 5, 1.9, '20261125', 99_999_999]) {
    assert.throws(() => timestampOf(value, now), { key: 'timestamp-too-small' }, String(value));
  }
});

test('timestamp: what JavaScript would only guess, and no time -> error', () => {
  const guesses = [
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '2019-99-99',
    '2026-11-25T25:00:00Z',
    '2026-11-25 noon',
    '2026-11-25 (Wed)',
    '2026-11-25T12:00:00 PST',
    '11/25/2026',
    '25 Nov 2026',
    'Nov 25, 2026',
    'Wed Nov 25 2026',
    'Wed Nov 31 12:00:00 +0000 2026',
    'Wed, 25 Nov 2026 12:00:00 EST',
    'Wed, 25 Nov 26 12:00:00 GMT',
    '1e12',
    '0x19be5a47a80',
    ' 1764072000000',
    '1969-12-31T23:59:59Z',
  ];
  const others = [
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    20261125120000,
    '20261125120000',
    1e20,
    {},
    [],
    true,
  ];
  const odd = [Symbol('s'), Object.create(null), new Date(Number.NaN), new Date(-1), () => 1];
  for (const timestamp of [...guesses, ...others, ...odd]) {
    assert.throws(() => timestampOf(timestamp, now), { key: 'timestamp-invalid' });
  }
});
