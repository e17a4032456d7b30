import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startXApi, type XApi } from '../../dev/x-api/server';
import { callApi, RULES, STREAM, StreamClient, until } from './client';

let api: XApi;
before(async () => {
  api = await startXApi({ rate: 0 });
});
after(() => api.close());

test('endpoints: wrong or missing token -> 401, OAuth 1.0a -> 403', async () => {
  for (const path of [STREAM, RULES])
    for (const token of ['wrong', null]) {
      const answer = await callApi(api, path, { token });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
      assert.deepEqual(answer.body, {
        title: 'Unauthorized',
        type: 'about:blank',
        status: 401,
        detail: 'Unauthorized',
      });
    }
  const user = await callApi(api, STREAM, {
    token: null,
    headers: { authorization: 'OAuth oauth_nonce="1"' },
  });
  assert.equal(user.status, 403);
  assert.match(user.body.type, /unsupported-authentication$/);
});

test('endpoints: unknown path -> 404, unknown method -> 405', async () => {
  assert.equal((await callApi(api, '/2/tweets/nowhere')).status, 404);
  assert.equal((await callApi(api, STREAM, { method: 'DELETE' })).status, 405);
});

test('stream: no rules -> 409', async () => {
  const own = await startXApi({ rate: 0 });
  const { status, body } = await callApi(own, STREAM);
  assert.equal(status, 409);
  assert.equal(body.connection_issue, 'RuleConfigurationIssue');
  assert.equal(own.refused, 1);
  await own.close();
});

test('stream: second connection -> 429 with rate limit headers', async () => {
  const own = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
  const first = await StreamClient.open(own);
  const { status, body, headers } = await callApi(own, STREAM);
  assert.equal(status, 429);
  assert.equal(body.title, 'ConnectionException');
  assert.equal(body.connection_issue, 'TooManyConnections');
  assert.equal(headers['x-rate-limit-limit'], '50');
  assert.equal(headers['x-rate-limit-remaining'], '48');
  assert.ok(Number(headers['x-rate-limit-reset']) > Date.now() / 1000);
  first.close();
  let again: StreamClient | undefined;
  await until(async () => {
    const client = await StreamClient.open(own);
    if (client.response.statusCode === 200) again = client;
    else client.close();
    return again !== undefined;
  }, 'a connection after the first was closed');
  again?.close();
  await own.close();
});

test('stream: more requests than the rate limit -> 429 Too Many Requests', async () => {
  const own = await startXApi({ rate: 0, limits: { connect: 2 } });
  const statuses = [await callApi(own, STREAM), await callApi(own, STREAM), await callApi(own, STREAM)];
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [409, 409, 429],
  );
  assert.equal(statuses[2]?.body.title, 'Too Many Requests');
  assert.equal(statuses[2]?.headers['x-rate-limit-remaining'], '0');
  await own.close();
});

test('stream: failNext -> the next requests fail, then it works', async () => {
  const own = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
  own.failNext(503, { title: 'Service Unavailable' }, 2);
  own.failNext(429, 'not JSON at all', 1, { 'x-rate-limit-reset': '12345' });
  assert.equal((await callApi(own, STREAM)).status, 503);
  assert.equal((await callApi(own, STREAM)).headers['x-rate-limit-limit'], undefined);
  const limited = await StreamClient.open(own);
  await until(() => limited.ended, 'the whole answer');
  assert.equal(limited.response.statusCode, 429);
  assert.equal(limited.response.headers['x-rate-limit-remaining'], '0');
  assert.equal(limited.response.headers['x-rate-limit-reset'], '12345');
  assert.equal(limited.bytes.toString(), 'not JSON at all');
  const client = await StreamClient.open(own);
  assert.equal(client.response.statusCode, 200);
  assert.deepEqual([own.refused, own.connections], [3, 1]);
  client.close();
  await own.close();
});

test('stream: unknown parameter or value -> 400 that names it', async () => {
  const field = await callApi(api, `${STREAM}?tweet.fields=id,colour`);
  assert.equal(field.status, 400);
  assert.equal(field.body.title, 'Invalid Request');
  assert.match(
    field.body.errors[0].message,
    /^The `tweet\.fields` query parameter value \[colour\] is not one of \[/,
  );
  const name = await callApi(api, `${STREAM}?tweet_fields=id`);
  assert.match(name.body.errors[0].message, /^The query parameter \[tweet_fields\] is not one of \[/);
  assert.equal((await callApi(api, `${STREAM}?backfill_minutes=9`)).status, 400);
});

test('rules: add, list, delete', async () => {
  const none = await callApi(api, RULES);
  assert.equal(none.status, 200);
  assert.equal(none.body.data, undefined);
  assert.equal(none.body.meta.result_count, 0);

  const body = { add: [{ value: 'cat', tag: 'pets' }, { value: 'dog' }] };
  const dry = await callApi(api, `${RULES}?dry_run=true`, { body });
  assert.deepEqual(dry.body.meta.summary, { created: 2, not_created: 0, valid: 2, invalid: 0 });
  assert.deepEqual(api.rules(), []);

  const added = await callApi(api, RULES, { body });
  assert.equal(added.status, 201);
  assert.deepEqual(added.body.meta.summary, { created: 2, not_created: 0, valid: 2, invalid: 0 });
  const [cat, dog] = added.body.data;
  assert.match(cat.id, /^\d{19}$/);
  assert.deepEqual(cat, { id: cat.id, value: 'cat', tag: 'pets' });
  assert.deepEqual(dog, { id: dog.id, value: 'dog' });

  const listed = await callApi(api, RULES);
  assert.deepEqual(listed.body.data, [cat, dog]);
  assert.equal(listed.body.meta.result_count, 2);
  assert.deepEqual((await callApi(api, `${RULES}?ids=${dog.id}`)).body.data, [dog]);
  const page = await callApi(api, `${RULES}?max_results=1`);
  assert.deepEqual(page.body.data, [cat]);
  const rest = await callApi(api, `${RULES}?max_results=1&pagination_token=${page.body.meta.next_token}`);
  assert.deepEqual([rest.body.data, rest.body.meta.next_token], [[dog], undefined]);

  const gone = await callApi(api, RULES, { body: { delete: { ids: [cat.id, '1'] } } });
  assert.equal(gone.status, 200);
  assert.deepEqual(gone.body.meta.summary, { deleted: 1, not_deleted: 1 });
  assert.match(gone.body.errors[0].errors[0].message, /does not exist/);
  const byValue = await callApi(api, RULES, { body: { delete: { values: ['dog'] } } });
  assert.deepEqual(byValue.body.meta.summary, { deleted: 1, not_deleted: 0 });
  assert.deepEqual(api.rules(), []);
});

test('rules: some invalid -> their errors, valid ones added', async () => {
  const add = [{ value: 'fine' }, { value: 'has:media' }, { value: 'fine' }, { value: '(open' }];
  const { status, body } = await callApi(api, RULES, { body: { add } });
  assert.equal(status, 201);
  assert.deepEqual(body.meta.summary, { created: 1, not_created: 3, valid: 1, invalid: 3 });
  const [media, duplicate, open] = body.errors;
  assert.equal(media.title, 'UnprocessableEntity');
  assert.equal(media.value, 'has:media');
  assert.match(media.type, /invalid-rules$/);
  assert.deepEqual(media.details, ['is/has/lang cannot be used as a standalone operator (at position 1)']);
  assert.deepEqual(
    [duplicate.title, duplicate.value, duplicate.id],
    ['DuplicateRule', 'fine', body.data[0].id],
  );
  assert.match(duplicate.type, /duplicate-rules$/);
  assert.match(open.details[0], /missing '\)'/);

  const again = await callApi(api, RULES, { body: { add: [{ value: 'fine', tag: 'other' }] } });
  assert.equal(again.status, 200);
  assert.equal(again.body.data, undefined);
  assert.equal(again.body.errors[0].title, 'DuplicateRule');
  const all = await callApi(api, `${RULES}?delete_all=true`, { method: 'POST' });
  assert.deepEqual(all.body.meta.summary, { deleted: 1, not_deleted: 0 });
});

test('rules: more than 1,000 -> RulesCapExceeded', async () => {
  const add = Array.from({ length: 1001 }, (_, index) => ({ value: `word${index}` }));
  const { body } = await callApi(api, RULES, { body: { add } });
  assert.deepEqual([body.data.length, body.errors.length], [1000, 1]);
  assert.match(body.errors[0].type, /rule-cap$/);
  await callApi(api, `${RULES}?delete_all=true`, { method: 'POST' });
});

test('rules: invalid body -> 400 with the reason', async () => {
  const wrong: [body: unknown, message: RegExp][] = [
    ['{"add":', /not valid JSON/],
    ['[]', /must be a JSON object/],
    [{}, /must have one of \[add, delete\]/],
    [{ add: [], delete: { ids: [] } }, /Only one of/],
    [{ add: [] }, /at least one rule/],
    [{ add: ['cat'] }, /\$\.add\[0\]\.value: must be a string/],
    [{ add: [{ value: 'cat', tag: 1 }] }, /\$\.add\[0\]\.tag/],
    [{ delete: { ids: [1] } }, /\$\.delete\.ids: must be a list of strings/],
    [{ delete: {} }, /at least one entry/],
  ];
  for (const [body, message] of wrong) {
    const answer = await callApi(api, RULES, { body });
    assert.equal(answer.status, 400);
    assert.equal(answer.body.title, 'Invalid Request');
    assert.match(answer.body.errors[0].message, message);
  }
  assert.equal((await callApi(api, `${RULES}?max_results=0`)).status, 400);
});

test('token: key and secret -> bearer token; wrong secret -> 403', async () => {
  const login = (secret: string) =>
    callApi(api, '/oauth2/token', {
      token: null,
      body: 'grant_type=client_credentials',
      headers: { authorization: `Basic ${Buffer.from(`simulated-key:${secret}`).toString('base64')}` },
    });
  assert.deepEqual((await login('simulated-secret')).body, {
    token_type: 'bearer',
    access_token: 'simulated-token',
  });
  const rejected = await login('guess');
  assert.deepEqual([rejected.status, rejected.body.errors[0].code], [403, 99]);
});

test('start: invalid rule, missing file, port in use -> error', async () => {
  await assert.rejects(
    startXApi({ rules: [{ value: '-cat' }] }),
    /X would reject the rule "-cat": Rules must contain/,
  );
  await assert.rejects(
    startXApi({ file: '/nowhere/posts.jsonl' }),
    /Cannot read \/nowhere\/posts\.jsonl: ENOENT/,
  );
  await assert.rejects(startXApi({ port: Number(new URL(api.url).port) }), { code: 'EADDRINUSE' });
});
