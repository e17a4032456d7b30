import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { codeOf, helper, Inbox, type Msg, onTab, sentenceOf } from './flow';

let broker: TestBroker;
before(async () => {
  broker = await testBroker();
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  await helper.stopServer();
  await broker.stop();
});

async function load(properties: Record<string, string>): Promise<{ acked: Inbox; caught: Inbox }> {
  const out = {
    id: 'n-out',
    type: 'kafka-out',
    cluster: 'c-cluster',
    headers: 'headers',
    headersType: 'msg',
  };
  await helper.load(
    [clusterNode, outNode],
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
      { ...out, ...properties, wires: [['n-acked']] },
      { id: 'n-acked', type: 'helper' },
    ]),
  );
  return { acked: new Inbox('n-acked'), caught: new Inbox('n-caught') };
}

const receive = (msg: Msg): void => helper.getNode('n-out').receive(msg as never);

test('kafka-out: one Buffer filled again and again -> each message as it was sent', async () => {
  const topic = await freshTopic(broker.brokers, 'reused');
  for (const keyType of ['msg', 'jsonata']) {
    const { acked } = await load({ topic, key: 'key', keyType });
    const bytes = Buffer.alloc(4);
    const payload = { number: 0 };
    const headers: Record<string, unknown> = {};
    for (let number = 0; number < 50; number++) {
      bytes.writeInt32BE(number);
      headers.n = [bytes];
      payload.number = number;
      receive({ payload: number % 2 ? payload : bytes, key: bytes, headers });
    }
    for (let number = 0; number < 50; number++) await acked.next();
    await helper.unload();
  }
  const read = await readTopic(broker.brokers, topic, 100, 20_000);
  read.forEach(({ value, headers }, index) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(index % 50);
    const json = Buffer.from(JSON.stringify({ number: index % 50 }));
    assert.deepEqual([value, headers], [index % 2 ? json : bytes, [['n', bytes]]]);
  });
});

test('kafka-out: ArrayBuffer, null headers -> written; what JSON cannot hold -> Catch, saying where', async () => {
  const topic = await freshTopic(broker.brokers, 'values');
  const { acked, caught } = await load({ topic });
  receive({
    payload: new Uint8Array([1, 2, 3]).buffer,
    headers: { none: null, some: ['x', null], left: undefined },
  });
  assert.ok((await acked.next()).kafka);
  const [record] = await readTopic(broker.brokers, topic, 1, 20_000);
  assert.deepEqual(record?.value, Buffer.from([1, 2, 3]));
  const x = Buffer.from('x');
  assert.deepEqual(record?.headers, [
    ['none', null],
    ['some', x],
    ['some', null],
  ]);
  const bad: Array<[unknown, RegExp]> = [
    [new Map(), /Map/],
    [new Set(), /Set/],
    [new Error('lost'), /Error/],
    [{ a: [1, { b: new Map() }] }, /Map.*\.a\[1\]\.b/],
  ];
  for (const [payload, text] of bad) {
    receive({ payload });
    const error = await caught.next();
    assert.equal(codeOf(error), 'value-no-json');
    assert.match(sentenceOf(error), text);
  }
});
