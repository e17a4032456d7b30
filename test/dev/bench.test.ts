import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { figure, median, table } from '../../dev/bench/figures';
import { benchKafkaOut, type KafkaOutResult } from '../../dev/bench/kafka-out';
import { kafkaOutReport } from '../../dev/bench/kafka-out-report';
import { environmentLine, report } from '../../dev/bench/report';
import { baseline, kafkaOutIdempotent, variants } from '../../dev/bench/variants';
import { otherPackages } from '../../dev/other-packages/packages';
import { type TestBroker, testBroker } from '../kafka-broker';

const size = { partitions: [2], rounds: 1, posts: 60, otherPosts: 0, pacedPosts: 60, singlePosts: 5 };

let broker: TestBroker;
let result: KafkaOutResult;
const dir = mkdtempSync(join(tmpdir(), 'bench-test-'));

before(async () => {
  broker = await testBroker();
  // It throws when a post is not acknowledged, or does not lie in its topic.
  result = await benchKafkaOut({ brokers: broker.brokers, size, progress: () => {} });
});
after(async () => {
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('every way of writing is measured, with every pace', () => {
  const [series] = result.series;
  assert.deepEqual(
    [...(series?.fastest.keys() ?? [])],
    variants.map(({ name }) => name),
  );
  const both = [baseline.name, kafkaOutIdempotent.name];
  for (const paced of [series?.paced, series?.single]) {
    assert.deepEqual([...(paced?.keys() ?? [])], both);
    for (const { median, p99 } of paced?.values() ?? []) assert.ok(median > 0 && p99 >= median);
  }
  for (const { postsPerSecond, cpu } of series?.fastest.values() ?? []) {
    assert.ok(postsPerSecond > 0 && cpu > 0);
  }
});

test('the report holds each section once, the newest', () => {
  const file = join(dir, 'docs/bench.md');
  const section = kafkaOutReport(result, environmentLine());
  report(file, '## kafka-out\n\nold');
  report(file, '## another\n\nstays');
  report(file, section);
  const text = readFileSync(file, 'utf8');
  assert.ok(text.startsWith('# Measurements\n'));
  assert.deepEqual(text.match(/^## .*$/gm), ['## another', '## kafka-out']);
  assert.ok(text.includes('stays') && text.includes(section.trim()) && !text.includes('old\n'));
  assert.match(section, /, Apache Kafka [\d.]+, Node\.js [\d.]+, Node-RED [\d.]+, kafkajs [\d.]+, \d+ cores/);
  assert.match(
    section,
    /\| of raw kafkajs, 2 partitions \| at least 0\.8 \| [\d.]+ \([\d,.]+ to [\d,.]+\) \| /,
  );
});

test('figures', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.deepEqual([1234.4, 123.4, 12.34, 1.234, Number.NaN].map(figure), [
    '1,234',
    '123',
    '12.3',
    '1.23',
    '–',
  ]);
  assert.equal(
    table([
      ['a', 'b'],
      ['1', '2'],
    ]),
    '| a | b |\n| --- | --- |\n| 1 | 2 |',
  );
});

test('the nodes of each other package: the producer where it was asked for, and no id twice', () => {
  for (const other of otherPackages) {
    const topicPartition = {
      id: 'out',
      tab: 'tab',
      brokers: 'localhost:9092',
      topic: 'tweets',
      wires: [['next']],
    };
    const nodes = other.nodes(topicPartition) as Array<Record<string, unknown>>;
    const producer = nodes.find(({ id }) => id === 'out');
    assert.equal(producer?.z, 'tab', other.name);
    assert.deepEqual([producer?.topic, producer?.wires], ['tweets', [['next']]], other.name);
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length, other.name);
    assert.ok(JSON.stringify(nodes).includes('localhost:9092'), other.name);
  }
});
