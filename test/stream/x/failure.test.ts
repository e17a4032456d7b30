import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readErrorBody } from '../../../src/stream/x/error-body';
import { failureInStream, failureOfResponse, type XFailure } from '../../../src/stream/x/failure';
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
  failure && `${failure.key} ${failure.retry}${failure.limited ? ' limited' : ''}`;

test('failureOfResponse: errors that a person must fix -> never retried', () => {
  const unauthorized = { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' };
  const cases: [number, object | string, string][] = [
    [401, unauthorized, 'x-token-refused'],
    [403, { title: 'Client Forbidden', reason: 'client-not-enrolled', detail: 'When…' }, 'x-forbidden'],
    [
      400,
      { errors: [{ message: 'bad field' }], title: 'Invalid Request', detail: 'One or more' },
      'x-refused',
    ],
    [404, '<html>nothing here</html>', 'x-refused'],
    [409, connection('RuleConfigurationIssue'), 'x-no-rules'],
    [429, { title: 'UsageCapExceeded', period: 'Monthly', detail: 'cap' }, 'x-usage-cap'],
    [429, { type: 'https://api.x.com/2/problems/usage-capped', detail: 'cap' }, 'x-usage-cap'],
    [402, { title: 'CreditsDepleted', detail: 'no credits' }, 'x-usage-cap'],
  ];
  for (const [status, body, key] of cases) {
    const failure = of(status, body);
    assert.equal(failure.key, key);
    assert.equal(failure.retry, 'never');
    assert.equal(failure.status, status);
    assert.doesNotMatch(failure.message, /__/);
  }
  assert.match(of(400, cases[2]?.[1] ?? '').message, /One or more bad field/);
});

test("failureOfResponse: status and X's reason -> sentence, retry policy, limited", () => {
  const issue = (name: string) => ({ connection_issue: name });
  const cases: [number, object | string, string][] = [
    [302, '', 'x-unexpected-status http'],
    [200, '{"data":[{"id"', 'x-unexpected-status http'],
    [400, {}, 'x-refused never'],
    [401, {}, 'x-token-refused never'],
    [402, {}, 'x-usage-cap never limited'],
    [403, {}, 'x-forbidden never'],
    [408, {}, 'x-server-error http'],
    [409, {}, 'x-no-rules never'],
    [420, {}, 'x-rate-limit rate-limit limited'],
    [429, {}, 'x-rate-limit rate-limit limited'],
    [500, {}, 'x-server-error http'],
    [999, {}, 'x-server-error http'],
    [403, { title: 'UsageCapExceeded' }, 'x-usage-cap never limited'],
    [503, issue('ProvisioningSubscription'), 'x-provisioning http'],
    [420, issue('TooManyConnections'), 'x-too-many-connections rate-limit limited'],
    [429, issue('TooManyConnections'), 'x-too-many-connections rate-limit limited'],
    [503, issue('TooManyConnections'), 'x-server-error http'],
    [400, { title: 'InvalidRules' }, 'x-refused never'],
    [429, { type: '…/client-forbidden' }, 'x-rate-limit rate-limit limited'],
  ];
  for (const [status, body, expected] of cases)
    assert.equal(summary(of(status, body)), expected, `${status}`);
});

test("failureInStream: X's reason -> sentence, retry policy, limited", () => {
  const cases: [string, string][] = [
    ['UsageCapExceeded', 'x-usage-cap never limited'],
    ['TooManyConnections', 'x-too-many-connections rate-limit limited'],
    ['ProvisioningSubscription', 'x-provisioning http'],
    ['client-forbidden', 'x-forbidden never'],
    ['RuleConfigurationIssue', 'x-no-rules never'],
    ['RulesInvalidIssue', 'x-no-rules never'],
    ['InvalidRules', 'x-no-rules never'],
    ['operational-disconnect', 'x-ended dropped'],
  ];
  for (const [title, expected] of cases) {
    assert.equal(summary(failureInStream({ errors: [{ title }] }, 'x')), expected, title);
  }
  const unnamed = failureInStream({ errors: [] }, 'x');
  assert.deepEqual([summary(unnamed), unnamed?.reason], ['x-ended dropped', 'error in the stream']);
});

test('failureOfResponse: temporary errors -> their retry policy', () => {
  assert.equal(of(503, '').retry, 'http');
  assert.equal(of(502, '<html>').key, 'x-server-error');
  assert.equal(of(302, '').key, 'x-unexpected-status');
  assert.equal(of(429, { title: 'Too Many Requests', type: 'about:blank' }).retry, 'rate-limit');
  const many = of(429, connection('TooManyConnections'));
  assert.deepEqual(
    [many.key, many.retry, many.reason],
    ['x-too-many-connections', 'rate-limit', 'TooManyConnections'],
  );
  const provisioning = of(503, connection('ProvisioningSubscription'));
  assert.ok((provisioning.notBefore ?? 0) > Date.now() + 50_000);
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
  assert.deepEqual([failure?.retry, failure?.reason], ['dropped', 'UpstreamOperationalDisconnect']);
  assert.equal(failureInStream(connection('TooManyConnections'), 'x')?.retry, 'rate-limit');
  assert.equal(failureInStream({ title: 'UsageCapExceeded', detail: 'x' }, 'x')?.retry, 'never');
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
    },
  );
});
