import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { startXApi } from '../../dev/x-api/server';
import { freshTopic, readerName, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { mainFlow } from './flow';
import { type Expected, posts, source } from './posts';

let broker: TestBroker;
let nodeRed: NodeRed;
const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-e2e-'));

before(async () => {
  broker = await testBroker();
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir: join(dir, 'node-red'), port: port as number });
});
after(async () => {
  await nodeRed?.stop();
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function freshTopics(): Promise<{ tweets: string; retweets: string; failures: string }> {
  const fresh = (name: string): Promise<string> => freshTopic(broker.brokers, name, 3);
  return {
    tweets: await fresh('tweets'),
    retweets: await fresh('retweets'),
    failures: await fresh('failures'),
  };
}

async function assertArrived(
  sent: Expected[],
  topics: { tweets: string; retweets: string },
  withKeys = true,
): Promise<void> {
  for (const name of ['tweets', 'retweets'] as const) {
    const wanted = sent.filter((one) => one.topic === name);
    const read = await readTopic(broker.brokers, topics[name], wanted.length, 60_000);
    const lines = read.map((record) => String(record.value)).sort();
    assert.deepEqual(
      lines,
      wanted.map(({ line }) => line).sort(),
      `${name}: every line exactly once, byte for byte`,
    );
    if (!withKeys) continue;
    const byLine = new Map(read.map((record) => [String(record.value), record]));
    for (const { line, key, timestamp } of wanted) {
      const record = byLine.get(line);
      assert.equal(String(record?.key), key, line.slice(0, 200));
      assert.equal(Number(record?.timestamp), timestamp, line.slice(0, 200));
    }
  }
}

test(`end to end: replay file, ${source} -> topics (read with ${readerName})`, async () => {
  const sent = posts();
  const topics = await freshTopics();
  const file = join(dir, 'posts.jsonl.gz');
  const lines = sent.map(({ line }) => line);
  // An invalid line in the middle must not stop the following ones.
  const broken = '{"data":{"id":"1","text":"cut';
  lines.splice(lines.length / 2, 0, broken);
  writeFileSync(file, gzipSync(`${lines.join('\r\n')}\n`));

  await nodeRed.deploy(
    mainFlow({
      brokers: broker.brokers,
      topics,
      source: { source: 'replay', file, fileType: 'str', pace: 'max' },
    }),
  );
  await assertArrived(sent, topics);
  const [failure] = await readTopic(broker.brokers, topics.failures, 1, 30_000);
  assert.equal(String(failure?.value), broken);
});

test(`end to end: HTTP stream in random chunks, ${source} -> topics`, async () => {
  const sent = posts();
  const topics = await freshTopics();
  const file = join(dir, 'stream.jsonl');
  writeFileSync(file, sent.map(({ line }) => `${line}\n`).join(''));
  const x = await startXApi({ file, rate: 2000, seed: 5 });
  try {
    const rules = [{ value: 'basketball', tag: 'basketball' }];
    await nodeRed.deploy(
      mainFlow({ brokers: broker.brokers, topics, baseUrl: x.url, source: { source: 'filtered', rules } }),
    );
    // Recorded rules are not this App's: their posts go to no node.
    const own = sent.filter(({ line }) => !('matching_rules' in JSON.parse(line)));
    await assertArrived(own, topics);
    assert.deepEqual(
      x.rules().map(({ value, tag }) => ({ value, tag })),
      rules,
    );
    assert.equal(x.connections, 1);
  } finally {
    await x.close();
  }
});

test('end to end: three deploys in quick succession -> one connection, posts arrive', async () => {
  const topics = await freshTopics();
  const x = await startXApi({ rate: 50 });
  try {
    const rules = [{ value: 'basketball', tag: '' }];
    const flow = mainFlow({
      brokers: broker.brokers,
      topics,
      baseUrl: x.url,
      source: { source: 'filtered', rules },
    });
    await Promise.all([nodeRed.deploy(flow), nodeRed.deploy(flow), nodeRed.deploy(flow)]);
    const read = await readTopic(broker.brokers, topics.tweets, 20, 60_000);
    assert.equal(new Set(read.map(({ key }) => String(key))).size, read.length);
    assert.equal(x.refused, 0);
    assert.equal(x.rules().length, 1);
    assert.deepEqual(await readTopic(broker.brokers, topics.failures, 0, 10_000), []);
  } finally {
    await x.close();
  }
});
