import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeClock } from './fake-clock';
import { settled, writerOf } from './writer-requests';

let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock(['setTimeout', 'setInterval']);
});
afterEach(() => clock.reset());

const refused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', broker: 'kafka1:9092' });
const protocolError = (type: string): Error =>
  Object.assign(new Error(type), { type, name: 'KafkaJSProtocolError' });

test('topic state: connected, nothing pending -> healthy, no failure', async () => {
  const { writer } = writerOf();
  assert.equal(writer.state.healthy, false);
  writer.connect();
  await settled();
  const { healthy, failure, waiting } = writer.state;
  assert.deepEqual([healthy, failure, waiting()], [true, undefined, 0]);
  await writer.close();
});

test('topic state: no answer to a request -> failure since the record was written', async () => {
  const { writer, write, requests } = writerOf();
  writer.connect();
  await settled();
  const begin = clock.now;
  write();
  await settled();
  clock.tick(5000);
  write();
  const { failure, waiting } = writer.state;
  assert.deepEqual([failure?.since, failure?.source, waiting()], [begin, 'connection', 2]);
  assert.equal(failure?.problem.key, 'cause-not-acknowledged');
  requests[0]?.resolve({ baseOffset: '0', logAppendTime: -1 });
  await settled();
  assert.deepEqual([writer.state.failure?.since, writer.state.waiting()], [clock.now, 1]);
  await writer.close();
});

test('topic state: failed requests -> their cause, until an acknowledgement', async () => {
  const { writer, write, requests } = writerOf();
  writer.connect();
  await settled();
  const begin = clock.now;
  write();
  await settled();
  clock.tick(1000);
  requests[0]?.reject(refused());
  await settled();
  const { healthy, failure } = writer.state;
  assert.deepEqual([healthy, failure?.since, failure?.source], [false, begin, 'connection']);
  assert.equal(failure?.problem.key, 'refused-connection');
  await writer.close();
});

test('topic state: no record, but the topic cannot be opened -> failure with its source', async () => {
  for (const [error, source] of [
    [refused(), 'connection'],
    [protocolError('UNKNOWN_TOPIC_OR_PARTITION'), 'answer'],
    [protocolError('UNSUPPORTED_SASL_MECHANISM'), 'login'],
  ] as const) {
    const { writer } = writerOf(() => Promise.reject(error));
    writer.connect();
    await settled();
    const { healthy, failure, waiting } = writer.state;
    assert.deepEqual([healthy, failure?.source, waiting()], [false, source, 0]);
    await writer.close();
  }
});

test('topic state: a record that lingers -> no failure before it is due', async () => {
  const { writer, write } = writerOf();
  writer.connect();
  await settled();
  write({ linger: 20_000 });
  await settled();
  assert.ok((writer.state.failure?.since ?? 0) >= clock.now + 20_000);
  await writer.close();
});
