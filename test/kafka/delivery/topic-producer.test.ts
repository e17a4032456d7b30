import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordMetadata } from 'kafkajs';
import { type ProducerClient, TopicProducer } from '../../../src/kafka/delivery/topic-producer';
import type { Replace } from '../../../src/kafka/errors';

/** A client that connects at once and answers each send with `answer`. */
class FakeClient implements ProducerClient {
  readonly ready = Promise.resolve();
  readonly connected = true;
  inFlight = 0;
  retired = false;

  constructor(
    private readonly answer: () => Promise<RecordMetadata[]>,
    readonly disconnect: () => void,
  ) {}

  send(): Promise<RecordMetadata[]> {
    return this.answer();
  }

  async retire(): Promise<void> {
    this.retired = true;
  }

  cut(): void {}
}

function producerWith(
  answer: () => Promise<RecordMetadata[]>,
  attemptLimitMs = 60_000,
): { producer: TopicProducer; clients: FakeClient[]; disconnects: () => number } {
  const clients: FakeClient[] = [];
  let disconnects = 0;
  const producer = new TopicProducer(
    (onIdleDisconnect) => {
      const client = new FakeClient(answer, onIdleDisconnect);
      clients.push(client);
      return client;
    },
    attemptLimitMs,
    () => disconnects++,
  );
  return { producer, clients, disconnects: () => disconnects };
}

const metadata = (partition: number): RecordMetadata => ({
  topicName: 't',
  partition,
  errorCode: 0,
  baseOffset: '7',
});
const cut = async (): Promise<never> => {
  throw new Error('cut');
};
const failure = (producer: TopicProducer): Promise<unknown> =>
  producer.send('t', 0, []).catch((error: unknown) => error);

test('topic producer: acknowledgement of another partition or none -> no-acknowledgement', async () => {
  const { producer } = producerWith(async () => [metadata(0)]);
  assert.deepEqual(await producer.send('t', 0, []), { baseOffset: '7', logAppendTime: -1 });
  await assert.rejects(producer.send('t', 1, []), { key: 'no-acknowledgement' });
  await assert.rejects(producerWith(async () => []).producer.send('t', 0, []), {
    key: 'no-acknowledgement',
  });
});

test('topic producer: attempt that never settles -> attempt-timeout', async () => {
  const { producer } = producerWith(() => new Promise(() => {}), 1);
  await assert.rejects(producer.send('t', 0, []), { key: 'attempt-timeout' });
});

test('topic producer: failures -> client replaced now, at the second or at the fourth', async () => {
  const failuresUntilReplaced: Array<[Replace, number]> = [
    ['now', 1],
    ['second', 2],
    ['many', 4],
  ];
  for (const [replace, count] of failuresUntilReplaced) {
    const { producer, clients } = producerWith(cut);
    for (let failed = 1; failed <= count; failed++) {
      assert.equal(clients[0]?.retired ?? false, false, replace);
      producer.attemptFailed(await failure(producer), replace);
    }
    assert.equal(clients[0]?.retired, true, replace);
  }
});

test('topic producer: success -> failures counted from zero', async () => {
  let fails = true;
  const { producer, clients } = producerWith(async () => (fails ? cut() : [metadata(0)]));
  for (let round = 0; round < 5; round++) {
    fails = true;
    for (let failed = 0; failed < 3; failed++) producer.attemptFailed(await failure(producer), 'many');
    fails = false;
    await producer.send('t', 0, []);
  }
  assert.equal(clients.length, 1);
});

test('topic producer: failure of a replaced client -> its successor stays', async () => {
  const { producer, clients } = producerWith(cut);
  const failures = await Promise.all([failure(producer), failure(producer)]);
  producer.attemptFailed(failures[0], 'now');
  await producer.connect();
  producer.attemptFailed(failures[1], 'now');
  assert.deepEqual(
    clients.map(({ retired }) => retired),
    [true, false],
  );
  producer.attemptFailed(await failure(producer), 'now');
  assert.equal(clients[1]?.retired, true);
});

test('topic producer: idle disconnect -> reported for the present client only', async () => {
  const { producer, clients, disconnects } = producerWith(async () => [metadata(0)]);
  await producer.connect();
  clients[0]?.disconnect();
  assert.deepEqual([clients[0]?.retired, disconnects()], [true, 1]);
  await producer.connect();
  clients[0]?.disconnect();
  assert.deepEqual([clients[1]?.retired, disconnects()], [false, 1]);
});

test('topic producer: after close -> makes no client', async () => {
  const { producer, clients } = producerWith(cut);
  await producer.close();
  await assert.rejects(producer.connect(), { key: 'closing' });
  assert.equal(clients.length, 0);
});
