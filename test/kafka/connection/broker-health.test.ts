import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, mock, test } from 'node:test';
import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import { Sockets } from '../../../src/kafka/connection/sockets';
import { until } from '../../until';

afterEach(() => mock.timers.reset());

test('a broker is away from an attempt that failed until one that stands, or until nobody tried it for a minute', () => {
  mock.timers.enable({ apis: ['Date'] });
  const brokerHealth = new BrokerHealth();
  assert.deepEqual(brokerHealth.unreachableBrokers, []);
  brokerHealth.unreachable('b:9092');
  brokerHealth.unreachable('a:9092');
  brokerHealth.unreachable('b:9092');
  brokerHealth.connected('c:9092');
  assert.deepEqual(brokerHealth.unreachableBrokers, ['a:9092', 'b:9092']);
  brokerHealth.connected('a:9092');
  assert.deepEqual(brokerHealth.unreachableBrokers, ['b:9092']);
  mock.timers.tick(59_000);
  assert.deepEqual(brokerHealth.unreachableBrokers, ['b:9092']);
  brokerHealth.unreachable('b:9092');
  mock.timers.tick(59_000);
  assert.deepEqual(brokerHealth.unreachableBrokers, ['b:9092']);
  mock.timers.tick(1000);
  assert.deepEqual(brokerHealth.unreachableBrokers, []);
});

test('a new client tries brokers last that are away or did not answer lately', () => {
  mock.timers.enable({ apis: ['Date'], now: 1_700_000_000_000 });
  const brokerHealth = new BrokerHealth();
  const brokers = ['a:1', 'b:1', 'c:1', 'd:1'];
  const firsts = () => new Set(Array.from({ length: 200 }, () => brokerHealth.bootstrapOrder(brokers)[0]));
  assert.deepEqual([...brokerHealth.bootstrapOrder(brokers)].sort(), brokers);
  assert.equal(firsts().size, 4, 'many clients do not all begin with one');
  brokerHealth.unreachable('a:1');
  brokerHealth.unresponsive('c:1');
  assert.deepEqual([...firsts()].sort(), ['b:1', 'd:1']);
  assert.deepEqual(brokerHealth.bootstrapOrder(brokers).slice(2).sort(), ['a:1', 'c:1']);
  mock.timers.tick(30_000);
  assert.deepEqual([...firsts()].sort(), ['b:1', 'c:1', 'd:1']);
});

test('a new client may begin with a broker that moved, and not with a place that is no broker any more', () => {
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

test('sockets tell of refused connections, of those that stand, and of handshakes that fail', async () => {
  const server = await listening();
  const { port } = server.address() as { port: number };
  const place = `127.0.0.1:${port}`;
  const brokerHealth = new BrokerHealth();
  const connect = (ssl?: object): Socket => {
    const sockets = new Sockets(() => {}, brokerHealth);
    const socket = sockets.factory({ host: '127.0.0.1', port, ssl, onConnect: () => {} } as never) as Socket;
    return socket.on('error', () => {});
  };
  // What listens there does not speak TLS.
  const first = connect({});
  await until(() => first.closed, 'the handshake failed');
  assert.deepEqual(brokerHealth.unreachableBrokers, [place]);
  const second = connect();
  await until(() => brokerHealth.unreachableBrokers.length === 0, 'a connection stands');
  second.destroy();
  await until(() => second.closed, 'the connection is closed');
  assert.deepEqual(
    brokerHealth.unreachableBrokers,
    [],
    'a connection that stood and was closed says nothing',
  );
  await closed(server);
  const third = connect();
  await until(() => third.closed, 'refused');
  assert.deepEqual(brokerHealth.unreachableBrokers, [place]);
});

test('a connection that is given up before it stands counts, unless its client was let go', async () => {
  const server = await listening();
  const { port } = server.address() as { port: number };
  const options = { host: '127.0.0.1', port, onConnect: () => {} } as never;
  const brokerHealth = new BrokerHealth();
  const letGo = new Sockets(() => {}, brokerHealth);
  const cut = letGo.factory(options).on('error', () => {});
  letGo.destroy();
  await until(() => cut.closed, 'the socket is cut');
  const ended = new Sockets(() => {}, brokerHealth);
  const early = ended.factory(options);
  ended.end();
  early.end();
  assert.deepEqual(brokerHealth.unreachableBrokers, []);
  // As kafkajs does when its time for a connection is over.
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
