import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type SearchRequestOptions, SearchRequests } from '../../../src/stream/recover/search-requests';
import { RequestBudget } from '../../../src/stream/state/request-budget';
import { XFailure } from '../../../src/stream/x/failure';

const noon = Date.UTC(2026, 7, 22, 12);
const minute = 60_000;

const failure = (status: number | undefined, details: object = {}) =>
  Object.assign(new Error(`HTTP ${status}`), { status, ...details });

/** Requests that fail one after the other with `faults`, then succeed; their waits pass at once. */
function setUp(t: TestContext, faults: unknown[], options: Partial<SearchRequestOptions> = {}) {
  t.mock.timers.enable({ apis: ['Date'], now: noon });
  const waits: number[] = [];
  let sent = 0;
  const requests = new SearchRequests({
    request: async () => {
      const fault = faults[sent++];
      if (fault) throw fault;
      return { body: 'answer' };
    },
    budgets: {
      recent: [new RequestBudget({ count: 450, windowMs: 15 * minute })],
      all: [new RequestBudget({ count: 300, windowMs: 15 * minute })],
    },
    stopped: () => false,
    ready: async () => {},
    sleep: async (ms) => {
      waits.push(ms);
      t.mock.timers.setTime(Date.now() + ms);
    },
    ...options,
  });
  return { requests, waits, sent: () => sent };
}

test('search requests: 429 with a reset time -> again then', async (t) => {
  const { requests, waits } = setUp(t, [failure(429, { notBefore: noon + 7 * minute })]);
  assert.deepEqual(await requests.get('recent', {}), { body: 'answer' });
  assert.deepEqual(waits, [7 * minute]);
  assert.equal(requests.sent, 2);
});

test('search requests: 429 without a time, or far ahead -> 60 s doubled, at most 16 min', async (t) => {
  const { requests, waits } = setUp(t, [
    failure(429),
    failure(429),
    failure(429, { notBefore: noon + 600 * minute }),
    failure(429),
  ]);
  assert.deepEqual(await requests.get('recent', {}), { body: 'answer' });
  assert.deepEqual(waits, [minute, 2 * minute, 16 * minute, 8 * minute]);
});

test('search requests: 5xx, 408 or no answer -> 5 s doubled, five attempts', async (t) => {
  const faults = [503, undefined, 408, 500, 502].map((status) => failure(status));
  const { requests, waits, sent } = setUp(t, faults);
  await assert.rejects(requests.get('recent', {}), /HTTP 502/);
  assert.deepEqual(waits, [5000, 10_000, 20_000, 40_000]);
  assert.equal(sent(), 5);
});

test('search requests: 400 -> no further attempt, but other queries', async (t) => {
  const { requests, sent } = setUp(t, [failure(400)]);
  await assert.rejects(requests.get('recent', {}), /HTTP 400/);
  assert.deepEqual(await requests.get('recent', {}), { body: 'answer' });
  assert.equal(sent(), 2);
});

test('search requests: 401, 402, 403 or a cap -> no further request to this endpoint', async (t) => {
  const cap = new XFailure(
    'usage-cap',
    { host: 'x', status: 429, detail: '' },
    { reason: 'cap', status: 429 },
  );
  for (const fault of [failure(401), failure(402), failure(403), cap]) {
    const { requests, waits, sent } = setUp(t, [fault]);
    await assert.rejects(requests.get('all', {}), fault as Error);
    await assert.rejects(requests.get('all', {}), fault as Error);
    assert.equal(sent(), 1);
    assert.deepEqual(await requests.get('recent', {}), { body: 'answer' });
    assert.deepEqual(waits, []);
    t.mock.timers.reset();
  }
});

test('search requests: three rules in a row without an answer -> no further request', async (t) => {
  const { requests, sent } = setUp(t, Array(100).fill(failure(503)));
  for (let rule = 0; rule < 6; rule++) await assert.rejects(requests.get('recent', {}), /HTTP 503/);
  assert.equal(sent(), 3 * 5);
});

test('search requests: few requests left at X -> the next one when X counts from 0', async (t) => {
  const { requests, waits } = setUp(t, [], {
    request: async () => ({ body: 'answer', notBefore: noon + 3 * minute }),
  });
  await requests.get('recent', {});
  assert.deepEqual(waits, []);
  await requests.get('recent', {});
  assert.deepEqual(waits, [3 * minute]);
});

test('search requests: stopped while it waits -> no further request', async (t) => {
  let stopped = false;
  const { requests, sent } = setUp(t, [failure(429)], {
    stopped: () => stopped,
    sleep: async () => {
      stopped = true;
    },
  });
  assert.equal(await requests.get('recent', {}), undefined);
  assert.equal(sent(), 1);
});
