import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import { Sockets } from '../../../src/kafka/connection/sockets';
import { until } from '../../until';

test('a failed connect -> unreachable, until a connect succeeds or a minute has passed', () => {
  let now = 0;
  const brokerHealth = new BrokerHealth(() => now);
  assert.deepEqual(brokerHealth.unreachableBrokers, []);
  brokerHealth.unreachable('b:9092');
  brokerHealth.unreachable('a:9092');
  brokerHealth.unreachable('b:9092');
  brokerHealth.connected('c:9092');
  assert.deepEqual(brokerHealth.unreachableBrokers, ['a:9092', 'b:9092']);
  brokerHealth.connected('a:9092');
  assert.deepEqual(brokerHealth.unreachableBrokers, ['b:9092']);
  now += 59_000;
  assert.deepEqual(brokerHealth.unreachableBrokers, ['b:9092']);
  brokerHealth.unreachable('b:9092');
  now += 59_000;
  assert.deepEqual(brokerHealth.unreachableBrokers, ['b:9092']);
  now += 1000;
  assert.deepEqual(brokerHealth.unreachableBrokers, []);
});

test('bootstrapOrder: unreachable and unresponsive brokers -> last', () => {
  let now = 0;
  const brokerHealth = new BrokerHealth(() => now);
  const brokers = ['a:1', 'b:1', 'c:1', 'd:1'];
  const firsts = () => new Set(Array.from({ length: 200 }, () => brokerHealth.bootstrapOrder(brokers)[0]));
  assert.deepEqual([...brokerHealth.bootstrapOrder(brokers)].sort(), brokers);
  assert.equal(firsts().size, 4, 'clients begin with different brokers');
  brokerHealth.unreachable('a:1');
  brokerHealth.unresponsive('c:1');
  assert.deepEqual([...firsts()].sort(), ['b:1', 'd:1']);
  assert.deepEqual(brokerHealth.bootstrapOrder(brokers).slice(2).sort(), ['a:1', 'c:1']);
  now += 30_000;
  assert.deepEqual([...firsts()].sort(), ['b:1', 'c:1', 'd:1']);
});

test('bootstrapOrder: a broker that moved -> its new address first', () => {
  const brokerHealth = new BrokerHealth();
  const configured = ['old-a:1', 'old-b:1'];
  brokerHealth.connected('old-a:1');
  assert.deepEqual(brokerHealth.bootstrapOrder(configured).sort(), configured, 'each once');
  brokerHealth.connected('new-a:1');
  for (const place of configured) brokerHealth.unreachable(place);
  for (let turn = 0; turn < 50; turn++)
    assert.deepEqual(brokerHealth.bootstrapOrder(configured).slice(0, 1), ['new-a:1']);
  brokerHealth.unreachable('new-a:1');
  assert.deepEqual(brokerHealth.bootstrapOrder(configured).sort(), configured);
});

test('advertiserOf: an address that is not configured and was never reached -> the configured broker that answers', () => {
  const brokerHealth = new BrokerHealth();
  const configured = ['kafka1:9092'];
  brokerHealth.unreachable('container:9092');
  assert.equal(
    brokerHealth.advertiserOf('container:9092', configured),
    undefined,
    'no configured one answers',
  );
  brokerHealth.connected('kafka1:9092');
  const itself = { seed: 'kafka1:9092', ownAddress: true };
  assert.deepEqual(brokerHealth.advertiserOf('container:9092', configured), itself);
  assert.equal(brokerHealth.advertiserOf('kafka1:9092', configured), undefined, 'configured');
  const two = [...configured, 'kafka2:9092'];
  assert.deepEqual(brokerHealth.advertiserOf('container:9092', two), { ...itself, ownAddress: false });
  brokerHealth.unreachable('other:9092');
  const another = { ...itself, ownAddress: false };
  assert.deepEqual(brokerHealth.advertiserOf('container:9092', configured), another, 'two advertised');
  brokerHealth.connected('container:9092');
  brokerHealth.unreachable('container:9092');
  assert.equal(
    brokerHealth.advertiserOf('container:9092', configured),
    undefined,
    'reached before: it is down',
  );
  brokerHealth.unreachable('kafka1:9092');
  assert.equal(brokerHealth.advertiserOf('other:9092', configured), undefined, 'all are down');
});

test('advertiserOf: an advertised broker has answered -> the address is that of another one', () => {
  const brokerHealth = new BrokerHealth();
  brokerHealth.connected('kafka1:9092');
  brokerHealth.answered();
  const other = { seed: 'kafka1:9092', ownAddress: false };
  assert.deepEqual(brokerHealth.advertiserOf('kafka2:9092', ['kafka1:9092']), other);
});

test('sockets: refused, connected, failed handshake -> recorded', async () => {
  const server = await listening();
  const { port } = server.address() as { port: number };
  const place = `127.0.0.1:${port}`;
  const brokerHealth = new BrokerHealth();
  const connect = (ssl?: object): Socket => {
    const sockets = new Sockets(() => {}, brokerHealth);
    const socket = sockets.factory({ host: '127.0.0.1', port, ssl, onConnect: () => {} } as never) as Socket;
    return socket.on('error', () => {});
  };
  // The server does not speak TLS.
  const first = connect({});
  await until(() => first.closed, 'the handshake failed');
  assert.deepEqual(brokerHealth.unreachableBrokers, [place]);
  const second = connect();
  await until(() => brokerHealth.unreachableBrokers.length === 0, 'connected');
  second.destroy();
  await until(() => second.closed, 'the connection is closed');
  assert.deepEqual(
    brokerHealth.unreachableBrokers,
    [],
    'a connection that closes says nothing about the broker',
  );
  await closed(server);
  const third = connect();
  await until(() => third.closed, 'refused');
  assert.deepEqual(brokerHealth.unreachableBrokers, [place]);
});

test('sockets: ended before it connects -> unreachable, unless the client ended', async () => {
  const server = await listening();
  const { port } = server.address() as { port: number };
  const options = { host: '127.0.0.1', port, onConnect: () => {} } as never;
  const brokerHealth = new BrokerHealth();
  const destroyed = new Sockets(() => {}, brokerHealth);
  const cut = destroyed.factory(options).on('error', () => {});
  destroyed.destroy();
  await until(() => cut.closed, 'the socket is closed');
  const ended = new Sockets(() => {}, brokerHealth);
  const early = ended.factory(options);
  ended.end();
  early.end();
  assert.deepEqual(brokerHealth.unreachableBrokers, []);
  // As kafkajs does after its connection timeout.
  const slow = new Sockets(() => {}, brokerHealth).factory(options);
  slow.end();
  assert.deepEqual(brokerHealth.unreachableBrokers, [`127.0.0.1:${port}`]);
  for (const socket of [early, slow]) socket.destroy();
  await closed(server);
});

async function listening(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
