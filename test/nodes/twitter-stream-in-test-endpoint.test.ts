import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { startXApi, type XApi } from '../../dev/x-api/server';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import type { ReportedFinding } from '../../src/util/finding';
import { helper } from './flow';

let x: XApi;
before(() => helper.startServer());
after(() => helper.stopServer());
beforeEach(async () => {
  x = await startXApi({ rules: [{ value: 'coffee' }] });
  const flow = [{ id: 'c-app', type: 'twitter-app', auth: 'bearer', baseUrl: x.url }];
  const credentials = { 'c-app': { bearerToken: 'simulated-token' } };
  await helper.load([appNode, streamNode], flow as never, credentials as never);
});
afterEach(async () => {
  await helper.unload();
  await x.close();
});

async function check(body: object): Promise<{ ok: boolean; texts: string[] }> {
  const { body: result } = await helper.request().post('/twitter-stream-in/test').send(body).expect(200);
  const { ok, lines } = result as { ok: boolean; lines: ReportedFinding[] };
  return { ok, texts: lines.map(({ text }) => text) };
}

const rules = (...values: string[]) => values.map((value) => ({ value, tag: '' }));

test('check rules: valid and invalid ones -> a line each, the counts, and nothing added at X', async () => {
  const { ok, texts } = await check({ app: 'c-app', rules: rules('basketball', 'coffee', '(cats', '') });
  assert.equal(ok, false);
  assert.match(texts[0] ?? '', /^X rejected the rule “\(cats”: ./);
  assert.deepEqual(texts.slice(1), ['Valid at X: 2 rules.', 'Rules in use: 1 of 1000.']);
  assert.deepEqual(
    x.rules().map(({ value }) => value),
    ['coffee'],
  );
});

test('check rules: all valid -> ok; rejected token, app not deployed, no rules -> one sentence', async () => {
  assert.equal((await check({ app: 'c-app', rules: rules('basketball') })).ok, true);
  const missing = await check({ app: 'c-other', rules: rules('basketball') });
  assert.deepEqual([missing.ok, missing.texts.length], [false, 1]);
  assert.match(missing.texts[0] ?? '', /after the twitter-app is deployed/);
  assert.match((await check({ app: 'c-app', rules: 'none' })).texts[0] ?? '', /no rules/);
  x.settings.bearerToken = 'another';
  const refused = await check({ app: 'c-app', rules: rules('basketball') });
  assert.equal(refused.ok, false);
  assert.match(refused.texts.join(), /rejected the bearer token/);
  assert.doesNotMatch(refused.texts.join(), /simulated-token/);
});
