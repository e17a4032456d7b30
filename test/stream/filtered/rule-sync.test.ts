import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { RuleKeeper } from '../../../src/stream/filtered/rule-keeper';
import type { RuleRequest, RuleTable } from '../../../src/stream/filtered/rule-sync';
import { RequestBudget } from '../../../src/stream/state/request-budget';
import { XFailure } from '../../../src/stream/x/failure';
import { answer, startXServer, type XServer } from '../x-server';

let x: XServer;
let own: Set<string>;

beforeEach(async () => {
  x = await startXServer();
  own = new Set();
});

afterEach(() => x.close());

function sync(...requests: Partial<RuleRequest>[]): Promise<RuleTable> {
  const windowMs = 15 * 60_000;
  const keeper = new RuleKeeper({
    app: { baseUrl: x.url, bearerToken: 't' },
    budgets: {
      reads: new RequestBudget({ count: 300, windowMs }),
      writes: new RequestBudget({ count: 80, windowMs }),
    },
    own,
    onOwnChanged: () => {},
    requests: () => requests.map((request) => ({ node: 'n1', mode: 'own', rules: [], ...request })),
  });
  return keeper.sync(0);
}

const rules = (...values: string[]) => values.map((value) => ({ value, tag: '' }));
const activeRules = () => x.rules.map(({ value, tag }) => `${value} [${tag}]`);
const posts = () => x.requests.filter((request) => request.startsWith('POST'));

test('sync: missing rules -> added once, tagged with the node', async () => {
  const request = { rules: [...rules(' basketball ', '"slam dunk"'), { value: 'from:x', tag: 'x' }] };
  const first = await sync(request);
  assert.deepEqual(activeRules(), ['basketball [node-red:n1]', '"slam dunk" [node-red:n1]', 'from:x [x]']);
  assert.equal(first.byNode.get('n1')?.size, 3);
  const again = await sync(request);
  assert.deepEqual(again.byNode, first.byNode);
  assert.equal(posts().length, 1);
});

test('sync: own rules no longer needed -> deleted; foreign rules -> kept', async () => {
  x.rules.push(
    { id: '1', value: 'foreign', tag: 'elsewhere' },
    { id: '2', value: 'old', tag: 'node-red:n1' },
  );
  await sync({ rules: [{ value: 'mine', tag: 'my tag' }] });
  assert.deepEqual(activeRules(), ['foreign [elsewhere]', 'mine [my tag]']);
  const table = await sync({ rules: rules('next') });
  assert.deepEqual(activeRules(), ['foreign [elsewhere]', 'next [node-red:n1]']);
  assert.deepEqual([...table.rules.keys()], ['1', x.rules[1]?.id]);
  assert.ok(posts().every((request) => !request.includes('foreign')));
});

test('sync: rule replaced -> added before the old one is deleted', async () => {
  await sync({ rules: rules('before') });
  await sync({ rules: rules('after') });
  assert.deepEqual(
    posts()
      .slice(-2)
      .map((request) => /"(add|delete)"/.exec(request)?.[1]),
    ['add', 'delete'],
  );
});

test('sync: changed tag -> deleted and added; same foreign value -> used as it is', async () => {
  x.rules.push({ id: '7', value: 'shared', tag: 'elsewhere' });
  await sync({ rules: [...rules('shared'), { value: 'cats', tag: 'old' }] });
  const table = await sync({ rules: [...rules('shared'), { value: 'cats', tag: 'new' }] });
  assert.deepEqual(activeRules(), ['shared [elsewhere]', 'cats [new]']);
  assert.ok(table.byNode.get('n1')?.has('7'));
  await sync({ rules: rules('dogs') });
  assert.deepEqual(activeRules(), ['shared [elsewhere]', 'dogs [node-red:n1]']);
});

test('sync: mode exact -> foreign rules deleted; mode app -> all rules, none changed', async () => {
  x.rules.push({ id: '1', value: 'foreign', tag: '' });
  const app = await sync({ mode: 'app', rules: rules('ignored') });
  assert.deepEqual([...(app.byNode.get('n1') ?? [])], ['1']);
  await sync({ mode: 'exact', rules: rules('mine') }, { node: 'n2', mode: 'app' });
  assert.deepEqual(activeRules(), ['foreign []', 'mine [node-red:n1]']);
  await sync({ mode: 'exact', rules: rules('mine') });
  assert.deepEqual(activeRules(), ['mine [node-red:n1]']);
});

test('sync: same rule in two nodes -> shared', async () => {
  const table = await sync({ rules: rules('cats') }, { node: 'n2', rules: rules('cats', 'dogs') });
  const id = x.rules[0]?.id ?? '';
  assert.equal(x.rules.length, 2);
  assert.ok(table.byNode.get('n1')?.has(id) && table.byNode.get('n2')?.has(id));
  await sync({ node: 'n2', rules: rules('cats') });
  assert.deepEqual(activeRules(), ['cats [node-red:n1]']);
});

test('sync: rejected rule -> rule-refused with the reason of X; the others are added', async () => {
  x.rejects = (value) =>
    value.includes('nope')
      ? { value, title: 'UnprocessableEntity', details: [`Reference to invalid operator in ${value}`] }
      : undefined;
  const table = await sync({ rules: rules('good', 'nope:1', 'fine') });
  assert.equal(table.byNode.get('n1')?.size, 2);
  const [problem] = table.rejected.get('n1') ?? [];
  assert.equal(problem?.message, 'X rejected the rule “nope:1”: Reference to invalid operator in nope:1');
});

test('sync: batch rejected without a name -> the valid rules are found', async () => {
  x.onRules = (request, response, body) => {
    if (request.method === 'GET' || !body.includes('nope')) return false;
    answer(response, 400, { title: 'Invalid Request', errors: [{ message: 'a rule is too long' }] });
    return true;
  };
  const table = await sync({ rules: rules('a', 'b', 'nope', 'c', 'd') });
  assert.deepEqual(activeRules().length, 4);
  assert.match(table.rejected.get('n1')?.[0]?.message ?? '', /“nope”: a rule is too long/);
});

test('sync: rule that X spells differently -> the same rule', async () => {
  x.onRules = (request, response, body) => {
    if (request.method === 'GET') return false;
    const { add = [] } = JSON.parse(body) as { add?: { value: string; tag: string }[] };
    const same = x.rules.find(({ value }) => value === 'cats dogs');
    if (same) {
      const error = { value: same.value, id: same.id, title: 'DuplicateRule' };
      answer(response, 200, { errors: [{ ...error, value: add[0]?.value }], meta: {} });
    } else {
      x.rules.push({ id: '5', value: 'cats dogs', tag: add[0]?.tag });
      answer(response, 201, { data: [x.rules[0]] });
    }
    return true;
  };
  for (let times = 0; times < 2; times++) {
    const table = await sync({ rules: rules('cats  dogs') });
    assert.deepEqual(table.byNode.get('n1'), new Set(['5']));
    assert.deepEqual(activeRules(), ['cats dogs [node-red:n1]']);
  }
});

test('sync: list of several pages -> all rules', async () => {
  x.onRules = (request, response) => {
    if (request.method !== 'GET') return false;
    const page = new URL(request.url ?? '', 'http://x').searchParams.get('pagination_token');
    const at = Number(page ?? 0);
    answer(response, 200, {
      data: [{ id: `${at}`, value: `r${at}` }],
      meta: at < 2 ? { next_token: `${at + 1}` } : {},
    });
    return true;
  };
  const table = await sync({ mode: 'app' });
  assert.deepEqual([...table.rules.keys()], ['0', '1', '2']);
});

test('sync: refused token, foreign server -> XFailure', async () => {
  const cases: [number, string, string][] = [
    [401, '{"title":"Unauthorized"}', 'x-token-refused'],
    [503, '', 'x-server-error'],
    [200, '<html>hello</html>', 'x-not-the-api'],
    [200, '{"message":"hello"}', 'x-not-the-api'],
    [404, '<html>not here</html>', 'x-not-the-api'],
    [404, '{"title":"Not Found"}', 'x-refused'],
    [429, '{}', 'x-rate-limit'],
  ];
  for (const [status, body, key] of cases) {
    x.onRules = (_request, response) => {
      answer(response, status, body);
      return true;
    };
    await assert.rejects(
      sync({ rules: rules('a') }),
      (error) => error instanceof XFailure && error.key === key,
    );
  }
});

const capProblem = {
  title: 'RulesCapExceeded',
  type: 'https://api.x.com/2/problems/rule-cap',
  detail: 'Rule cap',
};

for (const [name, count, cap, batches] of [
  ['100 rules, cap 25', 100, 25, 1],
  ['1,050 rules, cap 1,000', 1050, 1000, 11],
] as const) {
  test(`sync: ${name}, X names none -> one POST more than batches at most, one error with cap and count`, async () => {
    x.onRules = (request, response, body) => {
      if (request.method !== 'POST') return false;
      const { add = [] } = JSON.parse(body) as { add?: unknown[] };
      if (x.rules.length + add.length <= cap) return false;
      answer(response, 400, capProblem);
      return true;
    };
    x.onOther = (_request, response) => {
      const data = { cap_per_client_app: cap, client_app_rules_count: x.rules.length };
      answer(response, 200, { data });
      return true;
    };
    const wanted = Array.from({ length: count }, (_, at) => `rule ${at}`);
    const table = await sync({ rules: rules(...wanted) });
    assert.equal(x.rules.length, cap);
    assert.ok(posts().length <= batches + 1, `${posts().length} POSTs`);
    const problems = table.rejected.get('n1') ?? [];
    assert.deepEqual(
      problems.map(({ key, params }) => [key, params.cap, params.count]),
      [['rule-cap', cap, count - cap]],
    );
  });
}

test('sync: rule cap without counts -> one error with the reason of X', async () => {
  x.onRules = (request, response) => {
    if (request.method !== 'POST') return false;
    answer(response, 400, capProblem);
    return true;
  };
  const table = await sync({ rules: rules('a', 'b') });
  assert.match(table.rejected.get('n1')?.[0]?.message ?? '', /rejected 2 rules .*Rule cap/);
  assert.equal(table.rejected.get('n1')?.length, 1);
});

test('sync: unchanged -> no request while the list is young; budget used up -> waits', async () => {
  const windowMs = 15 * 60_000;
  const writes = new RequestBudget({ count: 1, windowMs });
  let wanted = rules('a');
  const keeper = new RuleKeeper({
    app: { baseUrl: x.url, bearerToken: 't' },
    budgets: { reads: new RequestBudget({ count: 300, windowMs }), writes },
    own,
    onOwnChanged: () => {},
    requests: () => [{ node: 'n1', mode: 'own', rules: wanted }],
  });
  await keeper.sync(windowMs);
  const { length } = x.requests;
  await keeper.sync(windowMs);
  assert.equal(x.requests.length, length);
  wanted = rules('b');
  await assert.rejects(
    keeper.sync(windowMs),
    (error) =>
      error instanceof XFailure && error.kind === 'request-budget' && (error.notBefore ?? 0) > Date.now(),
  );
});
