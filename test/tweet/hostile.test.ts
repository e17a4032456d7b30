import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';
import { allSamples } from './samples';
import { key, postMembers } from './samples/sample';

const post = { kind: 'tweet', key, timestamp: 1569693923664 };
const withNumber = `"id":${key},"text":"hello","user":{}`;

describe('classify: hostile input', () => {
  it('a hundred levels deep -> classified', () => {
    for (const [open, close] of [
      ['{"a":', '}'],
      ['[', ']'],
    ] as const) {
      const deep = `${open.repeat(100)}1${close.repeat(100)}`;
      assert.deepEqual(classify(`{"entities":${deep},${withNumber}}`), post);
      assert.deepEqual(classify(`{"delete":{"extra":${deep},"status":{"id":${key}}}}`), {
        kind: 'delete',
        key,
      });
      assert.deepEqual(classify(`{"data":{"id":"${key}","text":"x","entities":${deep}}}`), post);
    }
    const envelopes = 100;
    assert.throws(() =>
      classify(`${'{"for_user":"1","message":'.repeat(envelopes)}{"limit":{}}${'}'.repeat(envelopes)}`),
    );
  });

  it('10 MB, with an id that only the text has in full -> classified', () => {
    const long = 'x\\"\\\\{'.repeat(2_000_000);
    const text = `{"source":"${long}",${withNumber}}`;
    assert.ok(text.length > 10_000_000);
    assert.deepEqual(classify(text), post);
    assert.deepEqual(classify(Buffer.from(text)), post);
    assert.deepEqual(classify(JSON.parse(text), text), post);
    const wide = `{${Array.from({ length: 500_000 }, (_, i) => `"name ${i}":[${i}]`).join(',')},${withNumber}}`;
    assert.ok(wide.length > 10_000_000);
    assert.deepEqual(classify(wide), post);
  });

  it('members named __proto__ and constructor -> ignored', () => {
    const hostile = '"__proto__":{"limit":{},"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    for (const sample of allSamples) {
      const { name: _name, text: _text, ...result } = sample;
      const text = sample.text.replaceAll(/\{(?=")/g, `{${hostile},`);
      assert.deepEqual(classify(text), result, sample.name);
      assert.deepEqual(classify(JSON.parse(text), text), result, sample.name);
    }
    assert.equal('polluted' in {}, false);
    assert.equal('limit' in {}, false);
  });

  it('two members of the same name -> the last one counts, as in JSON.parse', () => {
    assert.deepEqual(classify(`{"id":5,"text":1,"user":0,${withNumber}}`), post);
    assert.deepEqual(classify(`{${withNumber},"retweeted_status":{},"retweeted_status":null}`), post);
    assert.deepEqual(classify('{"delete":{"status":{"id":5}},"delete":{"status":{"id":6}}}'), {
      kind: 'delete',
      key: '6',
    });
    assert.deepEqual(classify(`{"data":{"limit":{}},"data":{"id":"${key}","text":"x"}}`), post);
    const both = `{"delete":{"status":{"id":${key}}},"delete":{"status":{"user_id":1}}}`;
    assert.deepEqual(classify(both), { kind: 'delete' });
  });

  it('a post with the keys of other kinds, all null -> tweet', () => {
    const none = ['delete', 'limit', 'event', 'friends', 'warning', 'data', 'errors', 'for_user', 'verb'];
    const text = `{${none.map((name) => `"${name}":null`).join(',')},${postMembers}}`;
    assert.deepEqual(classify(text), post);
  });
});
