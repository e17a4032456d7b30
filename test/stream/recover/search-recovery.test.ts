import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../x-server';
import { gapsOf, idAt, setUpRecovery } from './recovery-setup';

const minute = 60_000;
const retweets = "Retweets are missing: X's keyword search returns none.";

test('search: outage -> posts oldest first, 30 s after it; then one event', async (t) => {
  const { clock, archive, subscribe, sendPost, outage, until, searches } = await setUpRecovery(t);
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  const before = idAt(clock.now);
  await sendPost(a, before);
  const from = clock.now;
  const missed = [1000, 2000, 3000].map((ms) => idAt(from + ms));
  archive['rule of a'] = [before, ...missed];
  await outage(3 * minute);
  const to = clock.now;
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.ok(clock.now >= to + 30_000);
  assert.deepEqual(a.ids, [before, ...missed]);
  assert.deepEqual(a.searched, missed);
  const [{ recovered, by, notRecovered, cost, from: begin = 0, to: end = 0 } = {}] = gapsOf(a);
  assert.deepEqual(
    { recovered, by, notRecovered, cost },
    {
      recovered: 3,
      by: 'search',
      notRecovered: [retweets],
      cost: 3,
    },
  );
  assert.equal(searches().length, 1);
  const query = Object.fromEntries(searches()[0] ?? []);
  assert.equal(query.query, 'rule of a');
  assert.equal(query['tweet.fields'], 'referenced_tweets');
  assert.ok(Date.parse(query.start_time ?? '') <= begin - 10_000);
  assert.ok(Date.parse(query.start_time ?? '') > begin - 12_000);
  assert.ok(Date.parse(query.end_time ?? '') > end && Date.parse(query.end_time ?? '') <= end + 1000);
  assert.equal(a.last.state, 'connected');
  assert.deepEqual(a.states.slice(a.states.lastIndexOf('connecting')), [
    'connecting',
    'connected',
    'recovering',
    'recovering',
    'connected',
  ]);
});

test('search: two nodes with different choices -> the event at once, or with the own posts', async (t) => {
  const { clock, archive, subscribe, outage, until, searches } = await setUpRecovery(t);
  const none = subscribe('none');
  const a = subscribe('a', { recover: 'search' });
  const b = subscribe('b', { recover: 'search' });
  await a.connected();
  const [one = '', two = '', both = ''] = [1000, 2000, 3000].map((ms) => idAt(clock.now + ms));
  archive['rule of a'] = [one, both];
  archive['rule of b'] = [two, both];
  archive['rule of none'] = [idAt(clock.now + 4000)];
  await outage(minute);
  await until(() => gapsOf(none).length === 1, 'the event of the node without recovery');
  assert.equal('recovered' in (gapsOf(none)[0] ?? {}), false);
  assert.equal(a.last.state, 'recovering');
  await until(() => gapsOf(a).length + gapsOf(b).length === 2, 'the events');
  assert.deepEqual([a.ids, b.ids, none.ids], [[one, both], [two, both], []]);
  assert.deepEqual(
    [...gapsOf(a), ...gapsOf(b)].map(({ recovered }) => recovered),
    [2, 2],
  );
  assert.deepEqual(JSON.parse(a.lines[1] ?? '').matching_rules.length, 2);
  assert.equal(searches().length, 2);
});

test('search: rule that search lacks, rule that X rejects -> reported to their nodes', async (t) => {
  const setup = await setUpRecovery(t);
  const { archive, subscribe, outage, until, clock } = setup;
  const rules = ['cats sample:1', 'dogs', 'birds'].map((value) => ({ value, tag: '' }));
  const a = subscribe('a', { recover: 'search', rules });
  const b = subscribe('b', { recover: 'search' });
  await a.connected();
  archive.birds = [idAt(clock.now + 1000)];
  setup.onSearch = (request, response) => {
    if (!request.url?.includes('query=dogs')) return false;
    answer(response, 400, { title: 'Invalid Request', detail: 'no dogs', type: 'about:blank' });
    return true;
  };
  await outage(minute);
  await until(() => gapsOf(a).length + gapsOf(b).length === 2, 'the events');
  const [gap] = gapsOf(a);
  assert.equal(gap?.recovered, 1);
  assert.equal(gap?.notRecovered?.length, 3);
  assert.match(gap?.notRecovered?.[0] ?? '', /“sample:”.*cats sample:1/);
  assert.match(gap?.notRecovered?.[1] ?? '', /“dogs” failed.*no dogs/);
  assert.deepEqual(gapsOf(b)[0]?.notRecovered, [retweets]);
});

test('search: 429 with a reset time -> again then', async (t) => {
  const setup = await setUpRecovery(t);
  const { archive, subscribe, outage, until, clock, searches } = setup;
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  archive['rule of a'] = [idAt(clock.now + 1000)];
  let reset = 0;
  setup.onSearch = (_request, response) => {
    if (reset > 0) return false;
    reset = Math.ceil(clock.now / 1000) + 240;
    const headers = { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(reset) };
    answer(response, 429, { title: 'Too Many Requests', detail: 'slow down' }, headers);
    return true;
  };
  await outage(minute);
  await until(() => searches().length === 2, 'the second request');
  assert.ok(clock.now >= reset * 1000 && clock.now < reset * 1000 + 5000);
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.equal(gapsOf(a)[0]?.recovered, 1);
});

test('search: connection lost meanwhile -> no request in the outage, then goes on; one event for each', async (t) => {
  const { archive, subscribe, outage, until, clock, searches } = await setUpRecovery(t);
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  const missed = idAt(clock.now + 1000);
  archive['rule of a'] = [missed];
  await outage(minute);
  await clock.advance(20_000);
  assert.equal(a.last.state, 'recovering');
  await outage(3 * minute);
  assert.equal(searches().length, 0);
  assert.equal(a.states.slice(a.states.lastIndexOf('waiting')).includes('recovering'), false);
  await until(() => gapsOf(a).length === 2, 'the events');
  const [first, second] = gapsOf(a);
  assert.ok(first && second && first.to <= second.from);
  assert.deepEqual([first.recovered, second.recovered], [1, 0]);
  assert.deepEqual([first.notRecovered, second.notRecovered], [[retweets], [retweets]]);
  const begins = searches().map((query) => Date.parse(query.get('start_time') ?? ''));
  assert.equal(begins.length, 2);
  assert.ok((begins[0] ?? 0) < first.from && (begins[1] ?? 0) > first.to);
  assert.deepEqual(a.ids, [missed]);
  assert.equal(a.last.state, 'connected');
});

test('search: outage ends while a deploy has closed the node -> the node that starts gets posts and event', async (t) => {
  const { archive, subscribe, until, clock, stream, x } = await setUpRecovery(t);
  const a = subscribe('a', { recover: 'search' });
  const b = subscribe('b');
  await b.connected();
  const missed = idAt(clock.now + 1000);
  archive['rule of a'] = [missed];
  const { length } = x.streams;
  stream.unregister('a', 'close');
  x.streams.at(-1)?.destroy();
  await until(() => x.streams.length > length && gapsOf(b).length === 1, 'connected again');
  const again = subscribe('a', { recover: 'search' });
  stream.flowsStarted();
  await until(() => gapsOf(again).length === 1, 'the event');
  assert.deepEqual(
    again.events.map(({ event }) => event),
    ['disconnected', 'connected', 'gap'],
  );
  assert.deepEqual([a.ids, gapsOf(a)], [[], []]);
  assert.deepEqual(again.ids, [missed]);
  assert.deepEqual([gapsOf(again)[0]?.recovered, gapsOf(again)[0]?.by], [1, 'search']);
});

test('search: deploy meanwhile -> the node that starts gets the posts and the event', async (t) => {
  const { archive, subscribe, outage, until, clock, stream } = await setUpRecovery(t);
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  const missed = idAt(clock.now + 1000);
  archive['rule of a'] = [missed];
  await outage(minute);
  await until(() => a.last.state === 'recovering', 'the recovery');
  await clock.advance(29_000);
  stream.unregister('a', 'close');
  await clock.advance(3000);
  const again = subscribe('a', { recover: 'search' });
  stream.flowsStarted();
  await until(() => gapsOf(again).length === 1, 'the event');
  assert.deepEqual(a.ids, []);
  assert.deepEqual(gapsOf(a), []);
  assert.deepEqual(again.ids, [missed]);
  assert.equal(gapsOf(again)[0]?.recovered, 1);
  assert.equal(again.last.state, 'connected');
});

test('search: deploy of other nodes meanwhile -> posts and event after it', async (t) => {
  const { archive, subscribe, outage, until, clock, stream } = await setUpRecovery(t);
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  const missed = idAt(clock.now + 1000);
  archive['rule of a'] = [missed];
  await outage(minute);
  await until(() => a.last.state === 'recovering', 'the recovery');
  stream.flowsStopping();
  await clock.advance(15_000);
  stream.flowsStopping();
  await clock.advance(18_000);
  assert.deepEqual([a.ids, gapsOf(a)], [[], []]);
  stream.flowsStarted();
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.deepEqual(a.ids, [missed]);
});

test('search: node stopped meanwhile -> no search for it, nothing sent to it', async (t) => {
  const { archive, subscribe, outage, until, clock, stream, searches } = await setUpRecovery(t);
  const a = subscribe('a', { recover: 'search' });
  const b = subscribe('b', { recover: 'search' });
  await b.connected();
  for (const rule of ['rule of a', 'rule of b']) archive[rule] = [idAt(clock.now + 1000)];
  await outage(minute);
  stream.unregister('a', 'stop');
  await until(() => gapsOf(b).length === 1, 'the event of the other node');
  assert.deepEqual(
    searches().map((query) => query.get('query')),
    ['rule of b'],
  );
  assert.deepEqual([a.ids, gapsOf(a)], [[], []]);
});

test('search: last node stopped meanwhile -> nothing more, no socket left', async (t) => {
  const setup = await setUpRecovery(t);
  const { subscribe, outage, until, stream, searches, x } = setup;
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  setup.onSearch = () => true;
  await outage(minute);
  await until(() => searches().length === 1, 'the search');
  stream.unregister('a', 'stop');
  await until(() => x.sockets.size === 0, 'no socket left');
  assert.deepEqual(gapsOf(a), []);
});

test('search: daily limit -> fetches what the node may still receive', async (t) => {
  const { archive, subscribe, outage, until, clock, searches } = await setUpRecovery(t);
  let left = 12;
  const a = subscribe('a', { recover: 'search', mayReceive: () => left > 0, remaining: () => left });
  await a.connected();
  const ids = Array.from({ length: 40 }, (_, at) => idAt(clock.now + 1000 + at));
  archive['rule of a'] = ids;
  await outage(minute);
  await until(() => gapsOf(a).length === 1, 'the event');
  assert.deepEqual(
    searches().map((query) => query.get('max_results')),
    ['12'],
  );
  assert.deepEqual(a.ids, ids.slice(-12));
  assert.match(gapsOf(a)[0]?.notRecovered?.[0] ?? '', /daily limit/);
  left = 0;
  await outage(minute);
  await until(() => gapsOf(a).length === 2, 'the second event');
  assert.equal(searches().length, 1);
});

test('search: X’s clock is an hour ahead -> searches by X’s clock', async (t) => {
  const { subscribe, outage, until, x, searches } = await setUpRecovery(t);
  const hour = 3600_000;
  x.onStream = (_request, response) => {
    x.streams.push(response);
    response.writeHead(200, { date: new Date(Date.now() + hour).toUTCString() });
    response.flushHeaders();
  };
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  await outage(minute);
  await until(() => gapsOf(a).length === 1, 'the event');
  const { from = 0 } = gapsOf(a)[0] ?? {};
  const begin = Date.parse(searches()[0]?.get('start_time') ?? '');
  assert.ok(Math.abs(begin - (from + hour - 10_000)) <= 2000);
});
