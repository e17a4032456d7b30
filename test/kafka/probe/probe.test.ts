import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { startBroker } from '../../../dev/kafka/broker';
import { freePorts } from '../../../dev/kafka/ports';
import { probeCluster } from '../../../src/kafka/probe';
import type { Finding } from '../../../src/util/finding';
import { freshTopic, type TestBroker, testBroker } from '../../kafka-broker';

let broker: TestBroker;
const open = new Set<net.Socket>();
const servers: net.Server[] = [];
before(async () => {
  broker = await testBroker();
});
after(async () => {
  for (const socket of open) socket.destroy();
  for (const server of servers) server.close();
  await broker.stop();
});

/** Starts a server. @returns its address */
async function serve(server: net.Server): Promise<string> {
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const settings = { clientId: 'test', connectionTimeout: 4000, requestTimeout: 6000 };
const keysOf = (findings: Finding[]): string[] => findings.map(({ says }) => says.key);
const answering = (bytes: Buffer) =>
  net.createServer((socket) => socket.once('data', () => socket.end(bytes)));

test('probeCluster: a broker that fails at a stage -> the sentence of the stage, with the place', async (t) => {
  const [unused] = await freePorts([undefined]);
  const http = await serve(createHttpServer((_request, response) => void response.end('hello')));
  const silent = await serve(net.createServer());
  const stages: Array<[string, boolean, string, RegExp]> = [
    ['no-such-host.invalid:9092', false, 'kafka-probe-name', /“no-such-host\.invalid”/],
    [`127.0.0.1:${unused}`, false, 'refused-connection', /ECONNREFUSED/],
    [`localhost:${unused}`, false, 'refused-connection', /localhost:.*ECONNREFUSED/],
    [http, false, 'kafka-probe-http', /HTTP server/],
    [http, true, 'tls-not-spoken', /Disable TLS/],
    [silent, false, 'kafka-probe-silent', /did not respond/],
    [silent, true, 'kafka-probe-tls-silent', /TLS handshake/],
    [
      await serve(net.createServer((socket) => socket.end())),
      false,
      'kafka-probe-closed-plaintext',
      /closed/,
    ],
    [
      await serve(answering(Buffer.from([21, 3, 3, 0, 2, 2, 70]))),
      false,
      'kafka-probe-wants-tls',
      /Enable TLS/,
    ],
    [
      await serve(answering(Buffer.from('220 mail ready\r\n'))),
      false,
      'kafka-probe-not-kafka',
      /Check the port/,
    ],
  ];
  await Promise.all(
    stages.map(([place, tls, key, sentence]) =>
      t.test(`${key}${tls ? ', TLS' : ''}`, async () => {
        const [finding, ...more] = await probeCluster({
          ...settings,
          brokers: [place],
          ...(tls ? { ssl: {} } : {}),
        });
        assert.equal(finding?.says.key, key, finding?.says.message);
        assert.equal(finding?.ok, false);
        assert.match(finding?.says.message ?? '', sentence);
        assert.match(finding?.says.message ?? '', key === 'kafka-probe-name' ? /such/ : new RegExp(place));
        assert.deepEqual(more, []);
      }),
    ),
  );
});

test('probeCluster: a broker -> the metadata of its cluster', async () => {
  await freshTopic(broker.brokers, 'probe');
  const [unused] = await freePorts([undefined]);
  const findings = await probeCluster({ ...settings, brokers: [broker.brokers, `127.0.0.1:${unused}`] });
  assert.deepEqual(keysOf(findings), ['kafka-probe-broker', 'refused-connection', 'kafka-probe-cluster']);
  assert.deepEqual(
    findings.map(({ ok }) => ok),
    [true, false, true],
  );
  const { params } = (findings[2] as Finding).says;
  assert.equal(params.brokers, 1);
  assert.equal(params.controller, broker.brokers);
  assert.ok(Number(params.topics) >= 1);
});

test('probeCluster: a login at a listener without SASL -> kafka-probe-no-sasl', async () => {
  const sasl = { mechanism: 'plain', username: 'alice', password: 'x' } as const;
  assert.deepEqual(keysOf(await probeCluster({ ...settings, brokers: [broker.brokers], sasl })), [
    'kafka-probe-no-sasl',
  ]);
});

test('probeCluster: an advertised broker that is unreachable -> kafka-probe-advertised', async () => {
  // A broker that advertises a wrong address.
  const [unused] = await freePorts([undefined]);
  const misconfigured = await startBroker({
    properties: { 'advertised.listeners': `CLIENT://127.0.0.1:${unused},INTERNAL://127.0.0.1:${unused}` },
  });
  try {
    const findings = await probeCluster({ ...settings, brokers: [misconfigured.brokers] });
    assert.deepEqual(keysOf(findings), ['kafka-probe-broker', 'kafka-probe-advertised']);
    assert.match(findings[1]?.says.message ?? '', new RegExp(`127.0.0.1:${unused}.*advertised.listeners`));
  } finally {
    await misconfigured.stop();
  }
});
