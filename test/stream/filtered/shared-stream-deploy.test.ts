import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { answer, post } from '../x-server';
import { type SharedStreamSetup, setUpSharedStream } from './shared-stream-setup';

/** Posts at a steady rate to the newest stream, with the rules of the test's nodes. */
function sendPosts(
  t: TestContext,
  { x }: SharedStreamSetup,
  everyMs: number,
  ...values: string[]
): () => string[] {
  const sent: string[] = [];
  let id = 1000;
  const timer = setInterval(() => {
    const rules = values.map((value) => x.rules.find((rule) => rule.value === value)?.id ?? '');
    id++;
    sent.push(String(id));
    x.send(post(String(id), ...rules));
  }, everyMs);
  t.after(() => clearInterval(timer));
  return () => {
    clearInterval(timer);
    return sent;
  };
}

test('deploy: 20 full ones of an unchanged flow -> no request, no post lost, no event', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, until } = setup;
  let a = subscribe('a');
  let b = subscribe('b', { rules: [{ value: 'rule of a', tag: '' }] });
  await a.connected();
  await b.connected();
  const stop = sendPosts(t, setup, 2, 'rule of a');
  await clock.advance(100);
  const requests = x.requests.length;
  const received: string[] = [];
  const events: unknown[] = [];
  for (let deploys = 0; deploys < 20; deploys++) {
    setup.stream.unregister('a', 'close');
    setup.stream.unregister('b', 'close');
    received.push(...a.ids);
    // Other nodes may take their time to close.
    await clock.advance(deploys % 3 === 0 ? 6000 : 50);
    a = subscribe('a');
    b = subscribe('b', { rules: [{ value: 'rule of a', tag: '' }] });
    setup.stream.flowsStarted();
    await a.connected();
    await clock.advance(500);
    events.push(...a.events, ...b.events);
  }
  const sent = stop();
  await clock.advance(100);
  received.push(...a.ids);
  assert.deepEqual(received, sent);
  assert.ok(sent.length > 10_000);
  assert.equal(x.requests.length, requests);
  assert.deepEqual(events, []);
  await until(() => a.last.state === 'connected', 'connected');
});

test('deploy: one of two nodes, beside a node that closes in 3 s -> no rule request, nothing lost', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, ruleId } = setup;
  const a = subscribe('a');
  const before = subscribe('b');
  await before.connected();
  const requests = x.requests.length;
  setup.stream.unregister('b', 'close');
  x.send(
    post('1', ruleId('rule of b')),
    post('2', ruleId('rule of a')),
    post('3', ruleId('rule of a'), ruleId('rule of b')),
  );
  await clock.advance(3000);
  assert.deepEqual(a.ids, ['2', '3']);
  const b = subscribe('b');
  setup.stream.flowsStarted();
  x.send(post('4', ruleId('rule of b')));
  await clock.advance(1000);
  assert.deepEqual(
    [b.ids, a.ids],
    [
      ['1', '3', '4'],
      ['2', '3'],
    ],
  );
  assert.equal(x.requests.length, requests);
});

test('deploy: of other nodes for 3 s, or one that never ends -> posts after it, in order, no request, no event', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, ruleId } = setup;
  const a = subscribe('a');
  await a.connected();
  const requests = x.requests.length;
  const send = (...ids: string[]) => x.send(...ids.map((id) => post(id, ruleId('rule of a'))));
  for (const ends of [true, false]) {
    const [first, ...others] = ends ? ['1', '2', '3'] : ['4', '5', '6'];
    a.lines.length = 0;
    setup.stream.flowsStopping();
    send(String(first));
    await clock.advance(3000);
    assert.deepEqual(a.ids, []);
    if (ends) setup.stream.flowsStarted();
    else await clock.advance(18_000);
    for (const id of others) {
      send(id);
      await clock.advance(1000);
    }
    assert.deepEqual(a.ids, [first, ...others]);
  }
  assert.equal(x.requests.length, requests);
  assert.deepEqual(a.events.length, 1);
  assert.equal(a.last.state, 'connected');
});

test('deploy: connection lost while other nodes are deployed -> reconnected, posts after the deploy', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, ruleId, connects } = setup;
  const a = subscribe('a');
  await a.connected();
  setup.stream.flowsStopping();
  x.streams[0]?.destroy();
  await clock.advance(5000);
  assert.equal(connects(), 2);
  x.send(post('1', ruleId('rule of a')));
  await clock.advance(1000);
  assert.deepEqual(a.ids, []);
  setup.stream.flowsStarted();
  await clock.advance(1000);
  assert.deepEqual(a.ids, ['1']);
});

test('deploy: a rule is added, another removed -> same connection, additions first', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, connects } = setup;
  const old = subscribe('a', {
    rules: [
      { value: 'kept', tag: '' },
      { value: 'old', tag: '' },
    ],
  });
  await old.connected();
  setup.stream.unregister('a', 'close');
  const a = subscribe('a', {
    rules: [
      { value: 'kept', tag: '' },
      { value: 'new', tag: '' },
    ],
  });
  setup.stream.flowsStarted();
  await clock.advance(1000);
  assert.equal(connects(), 1);
  assert.deepEqual(
    x.rules.map(({ value }) => value),
    ['kept', 'new'],
  );
  const changes = x.requests.filter((request) => request.startsWith('POST')).slice(-2);
  assert.match(changes[0] ?? '', /"add"/);
  assert.match(changes[1] ?? '', /"delete"/);
  assert.equal(a.last.state, 'connected');
  assert.deepEqual(a.events, []);
});

test('deploy: node removed -> its rule is deleted when the flows have started; no flow left -> closed', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, ruleId } = setup;
  const a = subscribe('a');
  const b = subscribe('b');
  await b.connected();
  setup.stream.unregister('b', 'removed');
  await clock.advance(1000);
  assert.notEqual(ruleId('rule of b'), '');
  setup.stream.flowsStarted();
  await clock.advance(3000);
  assert.equal(ruleId('rule of b'), '');
  assert.equal(a.last.state, 'connected');
  setup.stream.unregister('a', 'close');
  await clock.advance(19_000);
  assert.equal(x.sockets.size, 1);
  await clock.advance(2000);
  assert.equal(x.sockets.size, 0);
  assert.equal(setup.stream.inUse, false);
});

test('deploy: more than 16 MB while the nodes are closed -> the rest is a gap', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, ruleId } = setup;
  const before = subscribe('a');
  await before.connected();
  setup.stream.unregister('a', 'close');
  const rule = ruleId('rule of a');
  const large = (id: number): string =>
    JSON.stringify({
      data: { id: String(id), text: 'x'.repeat(1024 * 1024) },
      matching_rules: [{ id: rule }],
    });
  for (let id = 1; id <= 20; id++) x.send(large(id));
  await clock.advance(1000);
  const a = subscribe('a');
  setup.stream.flowsStarted();
  await clock.advance(1000);
  x.send(post('21', rule));
  await clock.advance(100);
  assert.deepEqual(a.ids, [...Array.from({ length: 15 }, (_, at) => String(at + 1)), '21']);
  assert.deepEqual(a.eventsWithCause, ['gap deploy']);
});

test('deploy: while the App waits -> no attempt of its own, the node shows the wait', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe, connects } = setup;
  x.onStream = (_request, response) => answer(response, 429, { title: 'Too Many Requests' });
  const before = subscribe('a');
  await clock.advance(1000);
  assert.equal(before.last.state, 'waiting');
  setup.stream.unregister('a', 'close');
  const a = subscribe('a');
  setup.stream.flowsStarted();
  await clock.advance(10_000);
  assert.equal(connects(), 1);
  assert.equal(a.problemKey(), 'x-rate-limit');
});

test('deploy: connection lost while the nodes are closed -> reconnected, one gap for the new node', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, subscribe } = setup;
  const before = subscribe('a');
  await before.connected();
  setup.stream.unregister('a', 'close');
  x.streams[0]?.destroy();
  await clock.advance(1000);
  const a = subscribe('a');
  setup.stream.flowsStarted();
  await clock.advance(1000);
  assert.deepEqual(
    a.events.map(({ event }) => event),
    ['disconnected', 'connected', 'gap'],
  );
});
