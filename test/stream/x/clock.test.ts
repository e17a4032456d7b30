import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockProblem } from '../../../src/stream/x/clock';
import { failureOfResponse } from '../../../src/stream/x/failure';

const now = Date.UTC(2026, 7, 22, 12);
const dateAt = (ms: number): string => new Date(ms).toUTCString();

test('clockProblem: more than 5 minutes from the Date header -> ahead or behind, in minutes', () => {
  const cases: [string | undefined, string | undefined, number?][] = [
    [dateAt(now), undefined],
    [dateAt(now - 300_000), undefined],
    [dateAt(now + 300_000), undefined],
    [dateAt(now - 301_000), 'clock-ahead', 5],
    [dateAt(now + 301_000), 'clock-behind', 5],
    [dateAt(now + 3_600_000), 'clock-behind', 60],
    [undefined, undefined],
    ['', undefined],
    ['yesterday', undefined],
  ];
  for (const [header, key, minutes] of cases) {
    const problem = clockProblem(header, now);
    assert.deepEqual([problem?.key, problem?.params.minutes], [key, minutes], header);
  }
});

test('failureOfResponse: 401 with a wrong clock -> the sentence says so; other errors do not', () => {
  const headers = { date: dateAt(Date.now() - 3_600_000) };
  const of = (status: number, title: string) =>
    failureOfResponse(status, { title }, headers, 'api.x.com').message;
  assert.match(of(401, 'Unauthorized'), /Unauthorized; the clock of this machine is 60 min ahead/);
  assert.doesNotMatch(of(403, 'Forbidden'), /clock/);
  assert.doesNotMatch(failureOfResponse(401, { title: 'U' }, {}, 'x').message, /clock|__/);
});
