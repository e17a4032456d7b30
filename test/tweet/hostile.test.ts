import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';
import { SAMPLES } from './samples';
import { key, POST } from './samples/sample';

const post = { kind: 'tweet', key, timestamp: 1569693923664 };
const withNumber = `"id":${key},"text":"hello","user":{}`;

describe('a message that is meant to harm', () => {
  it('may go a hundred levels deep', () => {
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

  it('may be 10 MB long, with an id that only its text has in full', () => {
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

  it('may have members named __proto__ and constructor', () => {
    const hostile = '"__proto__":{"limit":{},"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    for (const sample of SAMPLES) {
      const { name: _name, text: _text, ...answer } = sample;
      const text = sample.text.replaceAll(/\{(?=")/g, `{${hostile},`);
      assert.deepEqual(classify(text), answer, sample.name);
      assert.deepEqual(classify(JSON.parse(text), text), answer, sample.name);
    }
    assert.equal('polluted' in {}, false);
    assert.equal('limit' in {}, false);
  });

  it('may say a thing twice: the last one counts, as for JSON.parse', () => {
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

  it('may be a post with the keys of another kind, all null', () => {
    const none = ['delete', 'limit', 'event', 'friends', 'warning', 'data', 'errors', 'for_user', 'verb'];
    const text = `{${none.map((name) => `"${name}":null`).join(',')},${POST}}`;
    assert.deepEqual(classify(text), post);
  });
});
