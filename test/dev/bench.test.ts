import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { formatNumber, markdownTable, median } from '../../dev/bench/figures';
import { benchKafkaOut, type KafkaOutResult } from '../../dev/bench/kafka-out';
import { kafkaOutReport } from '../../dev/bench/kafka-out-report';
import { environmentLine, writeSection } from '../../dev/bench/report';
import { baseline, kafkaOutIdempotent, variants } from '../../dev/bench/variants';
import { otherPackages } from '../../dev/other-packages/packages';
import { type TestBroker, testBroker } from '../kafka-broker';

const size = { partitions: [2], rounds: 1, posts: 60, otherPosts: 0, pacedPosts: 60, singlePosts: 5 };

let broker: TestBroker;
let result: KafkaOutResult;
const dir = mkdtempSync(join(tmpdir(), 'bench-test-'));

before(async () => {
  broker = await testBroker();
  // Throws if a post is not acknowledged or is not in its topic.
  result = await benchKafkaOut({ brokers: broker.brokers, size, progress: () => {} });
});
after(async () => {
  await broker.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('benchmark: one run -> results for every producer and load', () => {
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

test('bench report: section written again -> replaces the old one, others stay', () => {
  const file = join(dir, 'docs/bench.md');
  const section = kafkaOutReport(result, environmentLine());
  writeSection(file, '## kafka-out\n\nold');
  writeSection(file, '## another\n\nstays');
  writeSection(file, section);
  const text = readFileSync(file, 'utf8');
  assert.ok(text.startsWith('# Benchmarks\n'));
  assert.deepEqual(text.match(/^## .*$/gm), ['## another', '## kafka-out']);
  assert.ok(text.includes('stays') && text.includes(section.trim()) && !text.includes('old\n'));
  assert.match(section, /, Apache Kafka [\d.]+, Node\.js [\d.]+, Node-RED [\d.]+, kafkajs [\d.]+, \d+ cores/);
  assert.match(
    section,
    /\| throughput relative to raw kafkajs, 2 partitions \| at least 0\.8 \| [\d.]+ \([\d,.]+ vs [\d,.]+\) \| /,
  );
});

test('bench figures: median, three significant digits, Markdown table', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.deepEqual([1234.4, 123.4, 12.34, 1.234, Number.NaN].map(formatNumber), [
    '1,234',
    '123',
    '12.3',
    '1.23',
    '–',
  ]);
  assert.equal(
    markdownTable([
      ['a', 'b'],
      ['1', '2'],
    ]),
    '| a | b |\n| --- | --- |\n| 1 | 2 |',
  );
});

test('other packages: nodes() -> producer with the given id and topic, unique ids', () => {
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
