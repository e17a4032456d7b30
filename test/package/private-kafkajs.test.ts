import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import type { NodeInitializer } from 'node-red';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { helper, Inbox, onTab } from '../nodes/flow';
import { installPackage, UserFolder } from './install';

const queueFile = 'kafkajs/src/network/requestQueue/index.js';
const produceFile = 'kafkajs/src/protocol/requests/produce/v7/request.js';

interface RequestQueue {
  prototype: { scheduleCheckPendingRequests(): void };
}

// A real path, as Node.js names the modules that it has loaded.
const dir = realpathSync(mkdtempSync(join(tmpdir(), 'private-kafkajs-')));
let broker: TestBroker;
let bundled: UserFolder;
before(async () => {
  bundled = installPackage(join(dir, 'bundled'));
  broker = await testBroker();
  await helper.startServer();
});
afterEach(() => helper.unload());
after(async () => {
  await helper.stopServer();
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Delivers one record with each package's node in one Node-RED. */
async function deliverWithBoth(user: UserFolder): Promise<void> {
  const topic = await freshTopic(broker.brokers, 'private-kafkajs');
  const files = ['kafka-cluster', 'kafka-out'].map((type) => `./dist/nodes/${type}/${type}.js`);
  const nodes = [
    user.load<NodeInitializer>(user.other, './index.js'),
    ...files.map((file) => user.load<NodeInitializer>(user.own, file)),
  ];
  await helper.load(
    nodes,
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: broker.brokers },
      { id: 'n-own', type: 'kafka-out', cluster: 'c-cluster', topic, wires: [['n-sent']] },
      { id: 'n-other', type: 'other-out', brokers: broker.brokers, topic, wires: [['n-sent']] },
      { id: 'n-sent', type: 'helper' },
    ]),
  );
  const sent = new Inbox('n-sent');
  for (const id of ['n-own', 'n-other']) {
    helper.getNode(id).receive({ payload: id } as never);
    assert.equal((await sent.next()).payload, id);
  }
  const records = await readTopic(broker.brokers, topic, 2, 20_000);
  assert.deepEqual(
    records.map(({ value }) => String(value)),
    ['n-own', 'n-other'],
  );
}

/** Asserts that a loaded kafkajs behaves as its files say. */
function assertOriginal(user: UserFolder, folder: string): void {
  const schedule = user.load<RequestQueue>(folder, queueFile).prototype.scheduleCheckPendingRequests;
  const produce = user.load<object>(folder, produceFile);
  const { resolve } = createRequire(join(folder, 'package.json'));
  assert.ok(readFileSync(resolve(queueFile), 'utf8').includes(schedule.toString()), 'request queue');
  assert.ok(readFileSync(resolve(produceFile), 'utf8').includes(produce.toString()), 'Produce request');
}

test('bundled kafkajs: another package in the same Node-RED -> its kafkajs stays as it is', async () => {
  await deliverWithBoth(bundled);
  const { own, other } = bundled;
  assert.notEqual(bundled.load(own, 'kafkajs'), bundled.load(other, 'kafkajs'));
  assertOriginal(bundled, other);
  // Proof that the assertion notices a patch.
  assert.throws(() => assertOriginal(bundled, own), /request queue/);
});

test('hoisted kafkajs: both packages share it -> it stays as it is, and both deliver', async () => {
  cpSync(join(dir, 'bundled'), join(dir, 'hoisted'), { recursive: true });
  const hoisted = new UserFolder(join(dir, 'hoisted'));
  rmSync(join(hoisted.own, 'node_modules'), { recursive: true });
  await deliverWithBoth(hoisted);
  assert.equal(hoisted.load(hoisted.own, 'kafkajs'), hoisted.load(hoisted.other, 'kafkajs'));
  assertOriginal(hoisted, hoisted.other);
});

test('package with its dependencies: installed -> under 20 MB, no install script', () => {
  const packages = bundled.packages();
  // Proof that the binaries of the codecs are there too.
  for (const codec of ['lz4-napi', 'snappy']) {
    assert.ok(Object.keys(packages).filter((folder) => folder.includes(codec)).length >= 2, codec);
  }
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  assert.deepEqual(scripted, []);
  assert.ok(bundled.size() < 20_000_000, `${bundled.size()} bytes`);
});
