import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { createGenerator } from '../../dev/x-api/generator';
import { freshTopic, readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { recordedAs } from '../stream/replay/layouts';
import { mainFlow } from './flow';

const count = 200;
// X's archive has one form of posts, exports have another.
const archivedPosts = Array.from({ length: count }, (_, n) => ({
  id: String(1178007813257388033n + BigInt(n)),
  id_str: String(1178007813257388033n + BigInt(n)),
  created_at: 'Sat Sep 28 18:05:23 +0000 2019',
  full_text: `post ${n}: "[{\\ é 😀`,
}));
const generator = createGenerator({ seed: 11 });
const exportedPosts = Array.from({ length: count }, () => (generator.post() as { data: object }).data);
const recordings = [
  recordedAs('indented array', exportedPosts),
  recordedAs('array, commas at line ends', exportedPosts),
  recordedAs('pretty-printed objects', exportedPosts),
  recordedAs('archive with semicolon', archivedPosts),
];

let broker: TestBroker;
let nodeRed: NodeRed;
const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-layouts-'));

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

for (const { name, text, messages } of recordings) {
  test(`end to end: ${name}, ${count} posts -> ${count} records, byte for byte`, async () => {
    const topic = await freshTopic(broker.brokers, 'layout', 3);
    const failures = await freshTopic(broker.brokers, 'layout-failures');
    const file = join(dir, 'posts.json');
    writeFileSync(file, text);
    await nodeRed.deploy(
      mainFlow({
        brokers: broker.brokers,
        topics: { tweets: topic, retweets: topic, failures },
        source: { source: 'replay', file, fileType: 'str', pace: 'max' },
      }),
    );
    const records = await readTopic(broker.brokers, topic, count, 60_000);
    assert.deepEqual(
      records.map(({ value }) => String(value)).sort(),
      messages.map((message) => message.text).sort(),
    );
    for (const { key, value } of records) assert.ok(String(value).includes(`"${key}"`), String(value));
    assert.deepEqual(await readTopic(broker.brokers, failures, 0, 10_000), []);
  });
}
