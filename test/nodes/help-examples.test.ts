import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { startXApi, type XApi } from '../../dev/x-api/server';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import classifierNode from '../../nodes/tweet-classifier/tweet-classifier';
import appNode from '../../nodes/twitter-app/twitter-app';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import { closeApps } from '../../src/stream/app/app-registry';
import { KINDS } from '../../src/tweet/kinds';
import { freshTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';
import { type Flow, helper, Inbox, type Msg, onTab, sentenceOf, userDir } from './flow';
import { differences, type Example, examplesIn } from './help-examples';
import { loadOnCluster } from './kafka-flow';

before(() => helper.startServer());
afterEach(async () => {
  await helper.unload();
  await closeApps();
});
after(() => helper.stopServer());

const receive = (id: string, msg: object): void => helper.getNode(id).receive({ ...msg } as never);
const actionOf = ({ message }: Example): unknown => message.action;

/** The actions that a node names when it gets another one. */
async function actionsOf(id: string, caught: Inbox): Promise<string[]> {
  receive(id, { action: 'none of these' });
  const [, list = ''] = /: ([a-z, ]+)\.?$/.exec(sentenceOf(await caught.next())) ?? [];
  return list.split(', ').sort();
}

for (const type of ['kafka-out', 'tweet-classifier', 'twitter-stream-in']) {
  test(`help: ${type} -> the same examples in both languages`, () => {
    assert.ok(examplesIn(type, 'en-US').length > 0);
    assert.deepEqual(examplesIn(type, 'ko'), examplesIn(type, 'en-US'));
  });
}

test('help: tweet-classifier -> an example for each output and for status, as the node answers', async () => {
  const examples = examplesIn('tweet-classifier', 'en-US');
  await helper.load(
    [classifierNode],
    onTab([
      { id: 'n-classify', type: 'tweet-classifier', wires: KINDS.map((kind) => [`n-${kind}`]) },
      ...KINDS.map((kind) => ({ id: `n-${kind}`, type: 'helper' })),
    ]),
  );
  const inboxes = Object.fromEntries(KINDS.map((kind) => [kind, new Inbox(`n-${kind}`)]));
  const shown = examples.map(({ answer }) => (answer as { kind?: string }).kind ?? 'status');
  assert.deepEqual(shown, [...KINDS, 'status']);
  for (const { message, answer } of examples) {
    const { kind = 'event' } = answer as { kind?: string };
    receive('n-classify', message);
    const msg = await (inboxes[kind] as Inbox).next();
    if (message.action) assert.deepEqual(differences(msg, answer), []);
    else {
      const { kind: own, key, timestamp } = msg;
      const found = {
        kind: own,
        ...(key !== undefined && { key }),
        ...(timestamp !== undefined && { timestamp }),
      };
      assert.deepEqual(found, answer);
    }
  }
});

test('help: kafka-out -> an example for a record and for each action, as the node answers', async () => {
  const broker: TestBroker = await testBroker();
  try {
    const topic = await freshTopic(broker.brokers, 'help');
    const named = <Value>(value: Value): Value =>
      JSON.parse(JSON.stringify(value).replaceAll('"tweets"', `"${topic}"`));
    const { acked, caught } = await loadOnCluster([clusterNode, outNode], broker.brokers, {
      ...{ id: 'n-out', type: 'kafka-out', cluster: 'c-cluster', topic, topicType: 'str' },
      ...{ queue: 'write-ahead', wires: [['n-acked']] },
    });
    const run = async (message: object): Promise<Msg> => {
      const { action } = message as { action?: string };
      const earlier = acked.all.length;
      const answer = () => acked.all.slice(earlier).find((msg) => msg.action === action);
      receive('n-out', message);
      await until(answer, String(action));
      return answer() as Msg;
    };
    const [record, ...others] = named(examplesIn('kafka-out', 'en-US'));
    assert.ok(record);
    assert.deepEqual(differences(await run(record.message), record.answer), []);
    const commands = new Map(others.map((one) => [String(actionOf(one) ?? 'exported'), one]));
    const actions = await actionsOf('n-out', caught);
    assert.deepEqual([...commands.keys()].sort(), [...actions, 'exported'].sort());

    const check = async (action: string): Promise<void> => {
      const { message, answer } = commands.get(action) as Example;
      assert.deepEqual(differences(await run(message), answer), [], action);
    };
    await check('pause');
    // A held record is on disk.
    receive('n-out', record.message);
    await until(
      async () => ((await run({ action: 'queue' })).payload as { records: number }).records > 0,
      'a record on disk',
    );
    for (const action of ['queue', 'status', 'export', 'discard', 'adopt']) await check(action);
    const exported = acked.all.find((msg) => (msg.kafka as { exported?: true } | undefined)?.exported);
    assert.deepEqual(differences(exported, commands.get('exported')?.message), []);
    await check('resume');
    await check('flush');
    assert.deepEqual(caught.all.length, 1);
  } finally {
    await helper.unload();
    await broker.stop();
  }
});

test('help: twitter-stream-in -> an example for each action, output and event, as the node sends them', async () => {
  const x: XApi = await startXApi({ rate: 100, noticeShare: 0 });
  try {
    const examples = examplesIn('twitter-stream-in', 'en-US');
    const eventOf = ({ payload }: Msg): string => String((payload as { event?: string }).event);
    const inputs = examples.filter(actionOf);
    const [line, ...events] = examples.filter((one) => !actionOf(one));
    assert.ok(line);
    assert.deepEqual(
      events.map(({ message }) => eventOf(message)),
      ['connected', 'disconnected', 'gap', 'limit', 'end'],
    );
    const stream = { id: 'n-in', type: 'twitter-stream-in', wires: [['n-messages'], ['n-events']] };
    const load = async (node: object): Promise<Record<'messages' | 'events' | 'caught', Inbox>> => {
      await helper.load(
        [appNode, streamNode],
        onTab([
          { id: 'c-app', type: 'twitter-app', config: true, auth: 'bearer', baseUrl: x.url },
          { ...stream, ...node } as Flow[number],
          { id: 'n-messages', type: 'helper' },
          { id: 'n-events', type: 'helper' },
        ]),
        { 'c-app': { bearerToken: x.settings.bearerToken } } as never,
      );
      return {
        messages: new Inbox('n-messages'),
        events: new Inbox('n-events'),
        caught: new Inbox('n-caught'),
      };
    };
    const check = async (inbox: Inbox, example: unknown): Promise<void> =>
      assert.deepEqual(differences(await inbox.next(), example), []);
    const event = (name: string): unknown => events.find(({ message }) => eventOf(message) === name)?.message;

    const live = await load({
      app: 'c-app',
      rules: [{ value: 'basketball', tag: 'sport' }],
      autostart: false,
    });
    assert.deepEqual(inputs.map(actionOf).sort(), await actionsOf('n-in', live.caught));
    for (const { message, answer } of [inputs[0], inputs[2], inputs[1]].filter((one) => one !== undefined)) {
      receive('n-in', message);
      await check(live.events, answer);
      if (message.action === 'start') await check(live.messages, line.message);
    }
    receive('n-in', { action: 'start' });
    await check(live.events, event('connected'));
    await until(() => live.messages.all.length > 5, 'posts');
    x.reset();
    for (const name of ['disconnected', 'connected', 'gap']) await check(live.events, event(name));
    await helper.unload();
    await closeApps();

    const limited = await load({
      id: 'n-limited',
      app: 'c-app',
      rules: [{ value: 'basketball', tag: '' }],
      dailyLimit: 1,
    });
    await until(() => limited.events.all.some((msg) => eventOf(msg) === 'limit'), 'the limit');
    const limit = limited.events.all.find((msg) => eventOf(msg) === 'limit');
    assert.deepEqual(differences(limit, event('limit')), []);
    await helper.unload();

    const file = join(userDir, 'help.jsonl');
    writeFileSync(file, '{"a":1}\n');
    const replay = await load({ source: 'replay', file, fileType: 'str', pace: 'max' });
    await check(replay.events, event('end'));
  } finally {
    await helper.unload();
    await x.close();
  }
});
