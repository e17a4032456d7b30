import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionOf } from './dialog-definition';

test('kafka-out: label -> topic and cluster; a flow written by hand may lack the type of the topic', () => {
  const { label } = definitionOf('kafka-out');
  const cases: Array<[object, string]> = [
    [{ topic: 'tweets', cluster: 'local' }, 'tweets @ local'],
    [{ topic: 'tweets', topicType: 'str', cluster: 'local' }, 'tweets @ local'],
    [{ topic: 'topic', topicType: 'msg', cluster: 'local' }, 'msg.topic @ local'],
    [{ topic: '', cluster: 'local' }, 'kafka-out'],
    [{ name: 'my name', topic: 'tweets', cluster: 'local' }, 'my name'],
  ];
  for (const [node, expected] of cases) assert.equal(label.call(node), expected, JSON.stringify(node));
});
