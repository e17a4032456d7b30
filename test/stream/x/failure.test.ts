import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readErrorBody } from '../../../src/stream/x/error-body';
import {
  failureInStream,
  failureInV1Stream,
  failureOfResponse,
  type XFailure,
} from '../../../src/stream/x/failure';
import { Problem } from '../../../src/util/problem';

const of = (status: number, body: object | string, headers = {}) =>
  failureOfResponse(status, typeof body === 'string' ? body : JSON.stringify(body), headers, 'api.x.com');

const connection = (issue: string) => ({
  title: 'ConnectionException',
  detail: 'This stream is currently at the maximum allowed connection limit.',
  connection_issue: issue,
  type: 'https://api.twitter.com/2/problems/streaming-connection',
});

const summary = (failure: XFailure | undefined) =>
  failure && `${failure.key} ${failure.policy}${failure.limited ? ' limited' : ''}`;

test('failureOfResponse: errors that a person must fix -> person or cap; pages -> not the X API', () => {
  const unauthorized = { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' };
  const invalid = { errors: [{ message: 'bad field' }], title: 'Invalid Request', detail: 'One or more' };
  const cases: [number, object | string, string][] = [
    [401, unauthorized, 'x-token-refused person'],
    [
      403,
      { title: 'Client Forbidden', reason: 'client-not-enrolled', detail: 'When…' },
      'x-forbidden person',
    ],
    [400, invalid, 'x-refused person'],
    [404, { title: 'Not Found', type: 'about:blank' }, 'x-refused person'],
    [404, '<html>nothing here</html>', 'x-not-the-api server'],
    [401, '', 'x-not-the-api server'],
    [409, connection('RuleConfigurationIssue'), 'x-no-rules rules'],
    [429, { title: 'UsageCapExceeded', period: 'Monthly', detail: 'cap' }, 'x-usage-cap cap limited'],
    [429, { type: 'https://api.x.com/2/problems/usage-capped', detail: 'cap' }, 'x-usage-cap cap limited'],
    [402, { title: 'CreditsDepleted', detail: 'no credits', type: '…/credits' }, 'x-credits cap limited'],
    [402, { title: 'Payment Required', type: '…/credits-depleted' }, 'x-credits cap limited'],
    [
      403,
      { title: 'SpendCapReached', reset_date: '2026-04-14', type: '…/credits' },
      'x-spend-cap-until cap limited',
    ],
    [403, { title: 'Forbidden', type: '…/spend-cap-reached', detail: 'cap' }, 'x-spend-cap cap limited'],
  ];
  for (const [status, body, expected] of cases) {
    const failure = of(status, body);
    assert.equal(summary(failure), expected);
    assert.equal(failure.status, status);
    assert.match(failure.message, new RegExp(`HTTP ${status}`));
    assert.doesNotMatch(failure.message, /__/);
  }
  assert.match(of(400, invalid).message, /One or more bad field/);
});

test("failureOfResponse: status and X's reason -> sentence, retry policy, limited", () => {
  const issue = (name: string) => ({ connection_issue: name });
  const cases: [number, object | string, string][] = [
    [302, '', 'x-unexpected-status server'],
    [200, '{"data":[{"id"', 'x-unexpected-status server'],
    [400, { title: 'x' }, 'x-refused person'],
    [400, {}, 'x-not-the-api server'],
    [401, { title: 'x' }, 'x-token-refused person'],
    [402, { title: 'x' }, 'x-credits cap limited'],
    [403, { title: 'x' }, 'x-forbidden person'],
    [408, {}, 'x-server-error server'],
    [409, { title: 'x' }, 'x-no-rules rules'],
    [420, {}, 'x-rate-limit rate-limit limited'],
    [429, {}, 'x-rate-limit rate-limit limited'],
    [500, {}, 'x-server-error server'],
    [999, {}, 'x-server-error server'],
    [403, { title: 'UsageCapExceeded' }, 'x-usage-cap cap limited'],
    [503, issue('ProvisioningSubscription'), 'x-provisioning provisioning'],
    [420, issue('TooManyConnections'), 'x-too-many-connections connections limited'],
    [429, issue('TooManyConnections'), 'x-too-many-connections connections limited'],
    [503, issue('TooManyConnections'), 'x-server-error server'],
    [400, { title: 'InvalidRules' }, 'x-refused person'],
    [429, { type: '…/client-forbidden' }, 'x-rate-limit rate-limit limited'],
  ];
  for (const [status, body, expected] of cases)
    assert.equal(summary(of(status, body)), expected, `${status}`);
});

test("failureInStream: X's reason -> sentence, retry policy, limited", () => {
  const cases: [string, string][] = [
    ['UsageCapExceeded', 'x-usage-cap cap limited'],
    ['TooManyConnections', 'x-too-many-connections connections limited'],
    ['ProvisioningSubscription', 'x-provisioning provisioning'],
    ['client-forbidden', 'x-forbidden person'],
    ['RuleConfigurationIssue', 'x-no-rules rules'],
    ['RulesInvalidIssue', 'x-no-rules rules'],
    ['InvalidRules', 'x-no-rules rules'],
    ['operational-disconnect', 'x-ended ended'],
  ];
  for (const [title, expected] of cases) {
    assert.equal(summary(failureInStream({ errors: [{ title }] }, 'x')), expected, title);
  }
  const unnamed = failureInStream({ errors: [] }, 'x');
  assert.deepEqual([summary(unnamed), unnamed?.reason], ['x-ended ended', 'error in the stream']);
});

test('failureOfResponse: temporary errors -> their retry policy', () => {
  assert.equal(of(503, '').policy, 'server');
  assert.equal(of(502, '<html>').key, 'x-server-error');
  assert.equal(of(302, '').key, 'x-unexpected-status');
  assert.equal(of(429, { title: 'Too Many Requests', type: 'about:blank' }).policy, 'rate-limit');
  const many = of(429, connection('TooManyConnections'));
  assert.deepEqual(
    [many.key, many.policy, many.reason],
    ['x-too-many-connections', 'connections', 'TooManyConnections'],
  );
  const unavailable = of(503, '', { 'retry-after': '120' });
  assert.ok(Math.abs((unavailable.notBefore ?? 0) - Date.now() - 120_000) < 5000);
});

test('failureOfResponse: reset header -> notBefore, if it is plausible', () => {
  const at = (s: number) => String(Math.round(Date.now() / 1000) + s);
  const reset = (headers: object) => of(429, {}, headers).notBefore;
  assert.ok(reset({ 'x-rate-limit-reset': at(300) }));
  assert.ok(reset({ 'x-rate-limit-reset': at(300), 'x-rate-limit-remaining': '0' }));
  assert.equal(reset({ 'x-rate-limit-reset': at(300), 'x-rate-limit-remaining': '12' }), undefined);
  assert.equal(reset({ 'x-rate-limit-reset': at(-300) }), undefined);
  assert.equal(reset({ 'x-rate-limit-reset': String(Date.now()) }), undefined);
  assert.equal(reset({ 'x-rate-limit-reset': 'soon' }), undefined);
});

test('failureInStream: error messages -> failures; other messages -> undefined', () => {
  const operational = {
    errors: [
      {
        title: 'operational-disconnect',
        disconnect_type: 'UpstreamOperationalDisconnect',
        detail: 'This stream has been disconnected upstream for operational reasons.',
        type: 'https://api.twitter.com/2/problems/operational-disconnect',
      },
    ],
  };
  const failure = failureInStream(operational, 'api.x.com');
  assert.deepEqual([failure?.policy, failure?.reason], ['ended', 'UpstreamOperationalDisconnect']);
  assert.equal(failureInStream(connection('TooManyConnections'), 'x')?.policy, 'connections');
  assert.equal(failureInStream({ title: 'UsageCapExceeded', detail: 'x' }, 'x')?.policy, 'cap');
  for (const good of [{ data: { id: '1' }, errors: [{}] }, [], null, 'text', 1, {}, { delete: {} }]) {
    assert.equal(failureInStream(good, 'x'), undefined);
  }
});

test('failure: answer without detail -> a Problem as detail', () => {
  for (const failure of [of(500, ''), failureInStream({ errors: [{}] }, 'x')]) {
    assert.ok(failure?.params.detail instanceof Problem);
    assert.equal(failure.params.detail.key, 'x-no-detail');
  }
});

test('readErrorBody: any body -> no exception', () => {
  for (const body of [
    '',
    'null',
    '[]',
    '{"errors":[null]}',
    '{"errors":"x"}',
    '{"detail":5}',
    undefined,
    7,
  ]) {
    assert.equal(typeof readErrorBody(body).detail, 'string');
  }
  assert.deepEqual(
    readErrorBody({ details: ['Reference to invalid operator.'], title: 'UnprocessableEntity' }),
    {
      reason: 'UnprocessableEntity',
      detail: 'Reference to invalid operator.',
      resetDate: undefined,
    },
  );
});

test('failureInV1Stream: disconnect codes, text line -> failures; other messages -> undefined', () => {
  const of1 = (code: unknown) => summary(failureInV1Stream({ disconnect: { code, reason: 'r' } }, '', 'x'));
  for (const code of [2, '2', 7]) assert.equal(of1(code), 'x-too-many-connections connections limited');
  assert.equal(of1(6), 'x-token-refused person');
  for (const code of [13, 14]) assert.equal(of1(code), 'x-forbidden person');
  for (const code of [1, 4, 12, 99, undefined]) assert.equal(of1(code), 'x-ended ended');
  const text = failureInV1Stream(undefined, 'Exceeded connection limit for user', 'x');
  assert.equal(text?.reason, 'TooManyConnections');
  for (const good of [{ delete: {} }, { text: 't' }, [], null, 7]) {
    assert.equal(failureInV1Stream(good, '', 'x'), undefined);
  }
});

test('invalidParameters: 400 of X -> the parameters and values that it names', () => {
  const failure = of(400, {
    title: 'Invalid Request',
    errors: [
      {
        parameters: { 'tweet.fields': ['a,b'] },
        message: 'The `tweet.fields` query parameter value [b] is not one of [a]',
      },
      {
        parameters: { backfill_minutes: ['5'] },
        message: 'The query parameter [backfill_minutes] is not one of [x]',
      },
    ],
  });
  assert.deepEqual(failure.invalid, [
    { parameter: 'tweet.fields', value: 'b' },
    { parameter: 'backfill_minutes', value: undefined },
  ]);
});
