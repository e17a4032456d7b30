import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type FaultProxy, startProxy } from '../../dev/faults/proxy';
import { fetchMetadata } from '../../dev/kafka/metadata';
import { freePorts } from '../../dev/kafka/ports';
import { portOf } from '../../dev/kafka/request';
import { testBroker } from '../kafka-broker';
import { until } from '../until';
import { FramesClient, FramesServer, request, response } from './frame-endpoints';

const produce = 0;
const metadata = 3;

describe('fault proxy', { timeout: 30_000 }, () => {
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

  it('no fault -> forwards and counts everything', async () => {
    const one = client();
    const frames = [request(produce, 1), request(metadata, 2), request(produce, 3)];
    one.send(...frames);
    const responses = Buffer.concat([response(1), response(2), response(3)]);
    await one.has(responses.length);
    assert.deepEqual(one.got, responses);
    assert.deepEqual(server.got, [Buffer.concat(frames)]);
    assert.deepEqual(proxy.counts, { connections: 1, requests: { 0: 2, 3: 1 }, faults: 0 });
    one.socket.end();
    await until(() => proxy.open === 0, 'the connection to be closed');
    assert.equal(server.sockets[0]?.destroyed, true);
  });

  it('slow reader -> backpressure, then every byte', async () => {
    const body = randomBytes(3_000_000).toString('base64');
    // More than the buffers in between hold: with 4 MB each, one or two requests, by the kernel's settings.
    const frames = Array.from({ length: 6 }, (_, id) => request(produce, id, body));
    const slow = client();
    await until(() => server.sockets.length === 1, 'the connection');
    server.sockets[0]?.pause();
    slow.send(...frames);
    await until(() => (proxy.counts.requests[produce] ?? 0) > 0, 'a request to be counted');
    const other = client();
    for (let sent = 1; sent <= 4; sent++) {
      other.send(request(metadata, sent, body));
      await other.has(sent * response(1).length);
    }
    assert.ok((proxy.counts.requests[produce] ?? 0) < frames.length, 'the proxy waits for the reader');
    server.sockets[0]?.resume();
    await slow.has(frames.length * response(1).length);
    assert.equal(server.got[0]?.equals(Buffer.concat(frames)), true);
  });

  it('bytes that are not Kafka frames -> forwarded unchanged', async () => {
    const one = client();
    const hello = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]);
    server.responds = false;
    proxy.cutMidRequest({ apiKey: 'any' });
    one.send(hello);
    await until(() => server.got[0]?.length === hello.length, 'the request at the server');
    server.sockets[0]?.write(hello);
    await one.has(hello.length);
    assert.deepEqual([one.got, server.got[0]], [hello, hello]);
  });

  it('no target, or target refuses -> closes the connection', async () => {
    proxy.target = undefined;
    const early = client();
    await until(() => early.closed, 'the client to be disconnected');
    const [closedPort = 0] = await freePorts([undefined]);
    proxy.target = { host: '127.0.0.1', port: closedPort };
    const late = client();
    await until(() => late.closed, 'the client to be disconnected');
    proxy.target = server.target;
    const good = client();
    good.send(request(metadata, 1));
    await good.has(response(1).length);
    assert.equal(proxy.counts.connections, 3);
  });

  it('cutBeforeResponse -> request forwarded, both sides cut', async () => {
    proxy.cutBeforeResponse();
    const one = client();
    const frames = [request(metadata, 1), request(produce, 2), request(metadata, 3)];
    one.send(...frames);
    await until(() => one.closed, 'the client to be disconnected');
    assert.deepEqual(one.got, response(1));
    assert.equal(server.got[0]?.subarray(0, 32).equals(Buffer.concat(frames.slice(0, 2))), true);
    await until(() => server.sockets[0]?.destroyed === true, 'the broker side to be cut');
    assert.equal(proxy.counts.faults, 1);
  });

  it('cutMidRequest -> half a request forwarded, both sides cut', async () => {
    proxy.cutMidRequest();
    const one = client();
    const first = request(metadata, 1);
    const second = request(produce, 2);
    one.send(first, second, request(metadata, 3));
    await until(() => one.closed && server.sockets[0]?.destroyed === true, 'both sides to be cut');
    assert.deepEqual(server.got[0], Buffer.concat([first, second.subarray(0, second.length / 2)]));
    assert.equal(proxy.counts.faults, 1);
  });

  it('resetMidResponse -> half a response, then ECONNRESET', async () => {
    proxy.resetMidResponse();
    const one = client();
    const frames = [request(metadata, 1), request(produce, 2)];
    one.send(...frames);
    await until(() => one.closed, 'the client to be disconnected');
    assert.equal(one.error?.code, 'ECONNRESET');
    assert.deepEqual(one.got, Buffer.concat([response(1), response(2).subarray(0, response(2).length / 2)]));
    assert.deepEqual(server.got[0], Buffer.concat(frames));
    await until(() => server.sockets[0]?.destroyed === true, 'the broker side to be cut');
    assert.equal(proxy.counts.faults, 1);
  });

  it('every and apiKey -> hits every n-th request of that API', async () => {
    proxy.cutMidRequest({ every: 3, apiKey: metadata });
    const one = client();
    one.send(...[1, 2, 3, 4].map((id) => request(produce, id)), request(metadata, 5), request(metadata, 6));
    await one.has(6 * response(1).length);
    one.send(request(produce, 7), request(metadata, 8));
    await until(() => one.closed, 'the client to be disconnected');
    const two = client();
    two.send(request(metadata, 1), request(metadata, 2));
    await two.has(2 * response(1).length);
    assert.equal(proxy.counts.faults, 1);
    two.send(request(metadata, 3));
    await until(() => two.closed, 'the client to be disconnected');
    assert.equal(proxy.counts.faults, 2);
  });

  it('every: 0 -> error', () => {
    assert.throws(() => proxy.cutMidRequest({ every: 0 }), /every is 0: it must be a positive integer/);
  });

  it('dropResponses -> open connections never respond again, new ones do', async () => {
    const old = client();
    old.send(request(metadata, 1));
    await old.has(response(1).length);
    proxy.dropResponses();
    const dropped = request(produce, 2);
    old.send(dropped);
    const fresh = client();
    fresh.send(request(produce, 1));
    await fresh.has(response(1).length);
    await until(() => proxy.counts.faults === 1, 'the fault');
    assert.equal(server.got[0]?.subarray(-dropped.length).equals(dropped), true);
    proxy.passThrough();
    server.sockets[0]?.destroy();
    old.send(request(produce, 3));
    fresh.send(request(produce, 2));
    await fresh.has(2 * response(1).length);
    assert.deepEqual([old.got, old.closed], [response(1), false]);
    old.socket.destroy();
    await until(() => proxy.open === 1, 'the connection to be closed');
  });

  it('delay -> requests forwarded late, in order, even after the client left', async () => {
    proxy.delay(50);
    const one = client();
    const frames = [request(produce, 1), request(metadata, 2)];
    const begin = Date.now();
    one.send(...frames);
    await until(() => proxy.counts.faults === 2, 'the fault');
    proxy.passThrough();
    const last = request(produce, 3);
    one.send(last);
    await one.has(3 * response(1).length);
    assert.ok(Date.now() - begin >= 50);
    assert.deepEqual(one.got, Buffer.concat([response(1), response(2), response(3)]));
    assert.deepEqual(server.got[0], Buffer.concat([...frames, last]));

    proxy.delay(50, { apiKey: produce });
    const gone = client();
    gone.send(request(produce, 9));
    await until(() => proxy.counts.faults === 3, 'the fault');
    gone.socket.destroy();
    await until(() => server.got[1]?.length === request(produce, 9).length, 'the request at the server');
    await until(() => proxy.open === 1, 'the connection to be closed');
  });

  it('refuse -> cuts open and closes new connections until passThrough', async () => {
    const old = client();
    old.send(request(metadata, 1));
    await old.has(response(1).length);
    proxy.refuse();
    await until(() => old.closed && server.sockets[0]?.destroyed === true, 'both sides to be cut');
    const late = client();
    await until(() => late.closed, 'the client to be disconnected');
    assert.equal(server.sockets.length, 1);
    assert.equal(proxy.counts.faults, 2);
    proxy.passThrough();
    const good = client();
    good.send(request(metadata, 1));
    await good.has(response(1).length);
  });

  it('passThrough before the response -> response is forwarded', async () => {
    server.responds = false;
    proxy.cutBeforeResponse();
    const one = client();
    one.send(request(produce, 1));
    await until(() => server.got[0]?.length === request(produce, 1).length, 'the request at the server');
    proxy.passThrough();
    server.sockets[0]?.write(response(1));
    await one.has(response(1).length);
    assert.equal(proxy.counts.faults, 0);
  });

  it('close -> cuts connections and drops delayed requests', async () => {
    proxy.delay(60_000);
    const one = client();
    one.send(request(produce, 1));
    await until(() => proxy.counts.faults === 1, 'the fault');
    const gone = client();
    gone.send(request(produce, 2));
    await until(() => proxy.counts.faults === 2, 'the fault');
    gone.socket.destroy();
    const other = await startProxy();
    await other.close();
    await proxy.close();
    await until(
      () => one.closed && server.sockets.every((socket) => socket.destroyed),
      'both sides to be cut',
    );
    assert.deepEqual(server.got, [Buffer.alloc(0), Buffer.alloc(0)]);
    proxy = await startProxy();
  });

  it('real broker -> metadata passes, faults reach the client', async () => {
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
