import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type FaultProxy, startProxy } from '../../dev/faults/proxy';
import { fetchMetadata } from '../../dev/kafka/metadata';
import { freePorts } from '../../dev/kafka/ports';
import { portOf } from '../../dev/kafka/request';
import { testBroker } from '../kafka-broker';
import { answer, FramesClient, FramesServer, request, until } from './frame-endpoints';

const produce = 0;
const metadata = 3;

describe('the proxy', { timeout: 30_000 }, () => {
  let server: FramesServer;
  let proxy: FaultProxy;
  let clients: FramesClient[];

  beforeEach(async () => {
    server = await FramesServer.start();
    proxy = await startProxy();
    proxy.target = server.target;
    clients = [];
  });

  afterEach(async () => {
    for (const { socket } of clients) socket.destroy();
    await proxy.close();
    await server.stop();
  });

  function client(): FramesClient {
    const one = new FramesClient(proxy.port);
    clients.push(one);
    return one;
  }

  it('passes everything on while it is calm, and counts', async () => {
    const one = client();
    const frames = [request(produce, 1), request(metadata, 2), request(produce, 3)];
    one.send(...frames);
    const answers = Buffer.concat([answer(1), answer(2), answer(3)]);
    await one.has(answers.length);
    assert.deepEqual(one.got, answers);
    assert.deepEqual(server.got, [Buffer.concat(frames)]);
    assert.deepEqual(proxy.counts, { connections: 1, requests: { 0: 2, 3: 1 }, faults: 0 });
    one.socket.end();
    await until(() => proxy.open === 0);
    assert.equal(server.sockets[0]?.destroyed, true);
  });

  it('takes no more than a slow reader reads, and passes it on byte for byte', async () => {
    const body = randomBytes(3_000_000).toString('base64');
    const frames = [1, 2, 3, 4].map((id) => request(produce, id, body));
    const slow = client();
    await until(() => server.sockets.length === 1);
    server.sockets[0]?.pause();
    slow.send(...frames);
    await until(() => proxy.counts.requests[produce] === 1); // more than all buffers on the way hold
    const other = client();
    for (let sent = 1; sent <= 4; sent++) {
      other.send(request(metadata, sent, body));
      await other.has(sent * answer(1).length);
    }
    assert.equal(proxy.counts.requests[produce], 1);
    server.sockets[0]?.resume();
    await slow.has(4 * answer(1).length);
    assert.equal(server.got[0]?.equals(Buffer.concat(frames)), true);
  });

  it('passes on what is not Kafka’s', async () => {
    const one = client();
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
    server.answers = false;
    proxy.cutMidRequest({ apiKey: 'any' });
    one.send(hello);
    await until(() => server.got[0]?.length === hello.length);
    server.sockets[0]?.write(hello);
    await one.has(hello.length);
    assert.deepEqual([one.got, server.got[0]], [hello, hello]);
  });

  it('closes connections while it has no target, and when the target does not take them', async () => {
    proxy.target = undefined;
    const early = client();
    await until(() => early.closed);
    const [nobody = 0] = await freePorts([undefined]);
    proxy.target = { host: '127.0.0.1', port: nobody };
    const late = client();
    await until(() => late.closed);
    proxy.target = server.target;
    const good = client();
    good.send(request(metadata, 1));
    await good.has(answer(1).length);
    assert.equal(proxy.counts.connections, 3);
  });

  it('cuts before the answer', async () => {
    proxy.cutBeforeResponse();
    const one = client();
    const frames = [request(metadata, 1), request(produce, 2), request(metadata, 3)];
    one.send(...frames);
    await until(() => one.closed);
    assert.deepEqual(one.got, answer(1));
    assert.equal(server.got[0]?.subarray(0, 32).equals(Buffer.concat(frames.slice(0, 2))), true);
    await until(() => server.sockets[0]?.destroyed === true);
    assert.equal(proxy.counts.faults, 1);
  });

  it('cuts in a request', async () => {
    proxy.cutMidRequest();
    const one = client();
    const first = request(metadata, 1);
    const second = request(produce, 2);
    one.send(first, second, request(metadata, 3));
    await until(() => one.closed && server.sockets[0]?.destroyed === true);
    assert.deepEqual(server.got[0], Buffer.concat([first, second.subarray(0, second.length / 2)]));
    assert.equal(proxy.counts.faults, 1);
  });

  it('resets in a response', async () => {
    proxy.resetMidResponse();
    const one = client();
    const frames = [request(metadata, 1), request(produce, 2)];
    one.send(...frames);
    await until(() => one.closed);
    assert.equal(one.error?.code, 'ECONNRESET');
    assert.deepEqual(one.got, Buffer.concat([answer(1), answer(2).subarray(0, answer(2).length / 2)]));
    assert.deepEqual(server.got[0], Buffer.concat(frames));
    await until(() => server.sockets[0]?.destroyed === true);
    assert.equal(proxy.counts.faults, 1);
  });

  it('hits every nth request, of the kind that is asked for', async () => {
    proxy.cutMidRequest({ every: 3, apiKey: metadata });
    const one = client();
    one.send(...[1, 2, 3, 4].map((id) => request(produce, id)), request(metadata, 5), request(metadata, 6));
    await one.has(6 * answer(1).length);
    one.send(request(produce, 7), request(metadata, 8));
    await until(() => one.closed);
    const two = client();
    two.send(request(metadata, 1), request(metadata, 2));
    await two.has(2 * answer(1).length);
    assert.equal(proxy.counts.faults, 1);
    two.send(request(metadata, 3));
    await until(() => two.closed);
    assert.equal(proxy.counts.faults, 2);
  });

  it('refuses an every that never comes', () => {
    assert.throws(() => proxy.cutMidRequest({ every: 0 }), /every is 0: it must be a whole number from 1/);
  });

  it('is silent on the connections that are open, for ever, and not on new ones', async () => {
    const old = client();
    old.send(request(metadata, 1));
    await old.has(answer(1).length);
    proxy.dropResponses();
    const asked = request(produce, 2);
    old.send(asked);
    const fresh = client();
    fresh.send(request(produce, 1));
    await fresh.has(answer(1).length);
    await until(() => proxy.counts.faults === 1);
    assert.equal(server.got[0]?.subarray(-asked.length).equals(asked), true);
    proxy.passThrough();
    server.sockets[0]?.destroy();
    old.send(request(produce, 3));
    fresh.send(request(produce, 2));
    await fresh.has(2 * answer(1).length);
    assert.deepEqual([old.got, old.closed], [answer(1), false]);
    old.socket.destroy();
    await until(() => proxy.open === 1);
  });

  it('holds requests in order, and passes them on though the client has gone', async () => {
    proxy.delay(50);
    const one = client();
    const frames = [request(produce, 1), request(metadata, 2)];
    const begin = Date.now();
    one.send(...frames);
    await until(() => proxy.counts.faults === 2);
    proxy.passThrough();
    const last = request(produce, 3);
    one.send(last);
    await one.has(3 * answer(1).length);
    assert.ok(Date.now() - begin >= 50);
    assert.deepEqual(one.got, Buffer.concat([answer(1), answer(2), answer(3)]));
    assert.deepEqual(server.got[0], Buffer.concat([...frames, last]));

    proxy.delay(50, { apiKey: produce });
    const gone = client();
    gone.send(request(produce, 9));
    await until(() => proxy.counts.faults === 3);
    gone.socket.destroy();
    await until(() => server.got[1]?.length === request(produce, 9).length);
    await until(() => proxy.open === 1);
  });

  it('refuses: cuts what is open, closes what comes, until it is calm', async () => {
    const old = client();
    old.send(request(metadata, 1));
    await old.has(answer(1).length);
    proxy.refuse();
    await until(() => old.closed && server.sockets[0]?.destroyed === true);
    const late = client();
    await until(() => late.closed);
    assert.equal(server.sockets.length, 1);
    assert.equal(proxy.counts.faults, 2);
    proxy.passThrough();
    const good = client();
    good.send(request(metadata, 1));
    await good.has(answer(1).length);
  });

  it('spares an answer if it is calm again before that comes', async () => {
    server.answers = false;
    proxy.cutBeforeResponse();
    const one = client();
    one.send(request(produce, 1));
    await until(() => server.got[0]?.length === request(produce, 1).length);
    proxy.passThrough();
    server.sockets[0]?.write(answer(1));
    await one.has(answer(1).length);
    assert.equal(proxy.counts.faults, 0);
  });

  it('ends everything when it is closed, what is held too', async () => {
    proxy.delay(60_000);
    const one = client();
    one.send(request(produce, 1));
    await until(() => proxy.counts.faults === 1);
    const gone = client();
    gone.send(request(produce, 2));
    await until(() => proxy.counts.faults === 2);
    gone.socket.destroy();
    const other = await startProxy();
    await other.close();
    await proxy.close();
    await until(() => one.closed && server.sockets.every((socket) => socket.destroyed));
    assert.deepEqual(server.got, [Buffer.alloc(0), Buffer.alloc(0)]);
    proxy = await startProxy();
  });

  it('stands before a real broker', async () => {
    const broker = await testBroker();
    try {
      proxy.target = { host: '127.0.0.1', port: portOf(broker.brokers) };
      const past = await fetchMetadata(portOf(broker.brokers));
      assert.deepEqual(await fetchMetadata(proxy.port), past);
      proxy.resetMidResponse({ apiKey: metadata });
      await assert.rejects(fetchMetadata(proxy.port), /ECONNRESET/);
      proxy.cutBeforeResponse({ apiKey: metadata });
      await assert.rejects(fetchMetadata(proxy.port), /connection closed|ECONNRESET/);
      assert.deepEqual(proxy.counts.requests, { 3: 3 });
    } finally {
      await broker.stop();
    }
  });
});
