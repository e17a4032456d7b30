import assert from 'node:assert/strict';
import { test } from 'node:test';
import FakeTimers from '@sinonjs/fake-timers';
import { RuleSet } from '../../dev/x-api/rule-set';
import { startXApi } from '../../dev/x-api/server';
import { callApi, RULES } from './client';

test('rule cap: named -> an error for each rule above it', async () => {
  const api = await startXApi({ rate: 0, ruleCap: 2 });
  const add = ['one', 'two', 'three'].map((value) => ({ value }));
  const { status, body } = await callApi(api, RULES, { body: { add } });
  assert.deepEqual([status, body.data.length, body.errors[0].value], [201, 2, 'three']);
  await api.close();
});

test('rule cap: not named -> 400 without rules, nothing added', async () => {
  const api = await startXApi({ rate: 0, ruleCap: 2, ruleCapNamed: false });
  const add = ['one', 'two', 'three'].map((value) => ({ value }));
  const { status, body } = await callApi(api, RULES, { body: { add } });
  assert.deepEqual([status, body.errors, body.data], [400, undefined, undefined]);
  assert.match(body.type, /rule-cap$/);
  assert.deepEqual(api.rules(), []);
  assert.equal((await callApi(api, RULES, { body: { add: add.slice(0, 2) } })).status, 201);
  await api.close();
});

test('rule counts: caps and rules in use', async () => {
  const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }], ruleCap: 5 });
  const { body } = await callApi(api, `${RULES}/counts`);
  const { client_app_rules_count: app, ...rest } = body.data;
  assert.deepEqual(rest, { cap_per_client_app: 5, cap_per_project: 5, project_rules_count: 1 });
  assert.equal(app.rule_count, 1);
  const some = await callApi(api, `${RULES}/counts?rules_count.fields=cap_per_project`);
  assert.deepEqual(some.body.data, { cap_per_project: 5 });
  await api.close();
});

test('rule delay: added and deleted rules take effect later', () => {
  const clock = FakeTimers.install({ now: 1_000_000, toFake: ['Date'] });
  try {
    const rules = new RuleSet({ ruleCap: 10, ruleCapNamed: true, ruleDelayMs: 20_000 });
    rules.add([{ value: 'cat' }]);
    clock.tick(19_999);
    assert.deepEqual([rules.list.length, rules.trees.length], [1, 0]);
    clock.tick(1);
    assert.equal(rules.trees.length, 1);
    rules.remove({ values: ['cat'] });
    clock.tick(19_999);
    assert.deepEqual([rules.list.length, rules.trees.length], [0, 1]);
    clock.tick(1);
    assert.equal(rules.trees.length, 0);
  } finally {
    clock.uninstall();
  }
});
