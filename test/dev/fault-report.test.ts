import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyPage, updatePage } from '../../dev/faults/report';

const order = ['kill', 'stop', 'pause'];
const section = (title: string, lines: Record<string, string>) => ({
  title,
  variants: ['keyed', 'keyless'],
  versions: 'Kafka 4',
  lines: new Map(Object.entries(lines)),
});

test('fault report: new lines replace old ones, others stay, in table order', () => {
  const first = updatePage(
    emptyPage,
    section('kafka-out', { pause: '| `pause` | old |', kill: '| `kill` | old |' }),
    order,
  );
  const second = updatePage(
    first,
    section('kafka-out', { stop: '| `stop` | new |', kill: '| `kill` | new |' }),
    order,
  );
  assert.deepEqual(
    second.split('\n').filter((line) => line.startsWith('| `')),
    ['| `kill` | new |', '| `stop` | new |', '| `pause` | old |'],
  );
  assert.ok(second.startsWith(emptyPage.trimEnd()));
});

test('fault report: one section per producer', () => {
  const one = updatePage(emptyPage, section('kafka-out', { kill: '| `kill` | ours |' }), order);
  const two = updatePage(one, section('another 1.0', { kill: '| `kill` | theirs |' }), order);
  const again = updatePage(two, section('kafka-out', { kill: '| `kill` | ours again |' }), order);
  assert.equal(again.match(/^## /gm)?.length, 2);
  assert.match(again, /## kafka-out\n[\s\S]*ours again[\s\S]*## another 1\.0\n[\s\S]*theirs/);
});
