import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';

const id = '1178007813257388033';
const rounded = 1178007813257388000;

describe('classify: key', () => {
  it('only a rounded number left -> no key', () => {
    for (const message of [
      { id: rounded, text: 'x', user: {} },
      { delete: { status: { id: rounded } } },
      { direct_message: { id: rounded } },
      { status_withheld: { id: rounded } },
      { user_delete: { id: rounded } },
      { event: 'user_delete', target: rounded },
      { data: { id: rounded, text: 'x' } },
      { id: rounded, text: 'x', author_id: '7' },
      { tweet: { id: rounded, text: 'x' } },
      { status_withheld: { id: rounded, user_id: 2308560145 } },
      { delete: { favorite: { tweet_id: rounded, id: 5 } } },
      {
        data: {
          event_type: 'dm.read',
          payload: { direct_message_x: [{ id: rounded, last_read_event_id: '5' }] },
        },
      },
      {
        data: { event_type: 'follow.follow', filter: { user_id: '5' }, payload: { target: { id: rounded } } },
      },
    ]) {
      assert.equal(classify(message).key, undefined);
    }
  });

  it('raw text of another message -> no key', () => {
    const message = { delete: { status: { id: rounded } } };
    assert.equal(classify(message, '{"delete":{"status":{"id":1178007813257999999}}}').key, undefined);
    assert.equal(classify(message, `{"delete":{"status":{"id":"${id}"}}}`).key, undefined);
    assert.equal(
      classify(message, `{"id":${id},"text":"{\\"delete\\":{\\"status\\":{\\"id\\":${id}}}}"}`).key,
      undefined,
    );
    assert.equal(classify(message, 'no JSON').key, undefined);
    assert.equal(classify(message, `{"delete":{"status":{"id":${id}}}}`).key, id);
  });

  it('a value that is not an id -> no key', () => {
    for (const wrong of [
      '"x"',
      '""',
      '"-5"',
      '"1.5"',
      '"007"',
      '-5',
      '1.5',
      '0',
      'true',
      '{}',
      '[]',
      '"123456789012345678901"',
    ]) {
      assert.equal(classify(`{"delete":{"status":{"id":${wrong}}}}`).key, undefined, wrong);
    }
  });

  it('empty string twin -> the number', () => {
    assert.equal(classify(`{"delete":{"status":{"id":${id},"id_str":""}}}`).key, id);
  });

  it('site-stream envelope -> the id of the message inside', () => {
    const text = `{"id":5,"message":{"id":${id},"text":"{\\"id\\":6}","user":{"id":7}},"for_user":8}`;
    assert.deepEqual(classify(JSON.parse(text), text), {
      kind: 'tweet',
      key: id,
      timestamp: 1569693923664,
      forUser: '8',
    });
  });

  it('two members of the same name -> the id in the last one, as in the parsed message', () => {
    assert.equal(classify(`{"delete":{"status":{"id":5}},"delete":{"status":{"id":7,"id":${id}}}}`).key, id);
  });
});

describe('classify: user of a site stream', () => {
  it('two envelopes -> the user of the outer one', () => {
    const text = '{"for_user":"1","message":{"for_user":"2","message":{"limit":{"track":1}}}}';
    assert.deepEqual(classify(text), { kind: 'limit', forUser: '1' });
  });

  it('only a rounded number left -> no user', () => {
    assert.deepEqual(classify({ for_user: rounded, message: { limit: {} } }), { kind: 'limit' });
  });
});
