import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';
import { Problem } from '../../src/util/problem';

function problemOf(message: unknown, raw?: string | Uint8Array): Problem {
  let problem: unknown;
  try {
    assert.fail(`no Problem: classified as ${classify(message, raw).kind}`);
  } catch (error) {
    problem = error;
  }
  assert.ok(problem instanceof Problem, String(problem));
  return problem;
}

function assertSentence(message: unknown, expected: RegExp | string, raw?: string | Uint8Array) {
  const sentence = problemOf(message, raw).message;
  if (typeof expected === 'string') assert.equal(sentence, expected);
  else assert.match(sentence, expected);
}

const begin = 'Not an X stream message';

describe('classify: not a message of the X stream', () => {
  it('an object -> its top-level keys and its first characters', () => {
    assertSentence(
      { data: {}, meta: { a: 1 } },
      `${begin}. Top-level keys: data, meta. It starts with: {"data":{},"meta":{"a":1}}`,
    );
    assertSentence('{"b": 1,\n "a": 2}', `${begin}. Top-level keys: b, a. It starts with: {"b": 1, "a": 2}`);
    assertSentence({ a: 1 }, `${begin}. Top-level keys: a. It starts with: {"a": 1}`, '{"a": 1}');
    assertSentence(
      { a: 1 },
      `${begin}. Top-level keys: a. It starts with: {"a": 1}`,
      Buffer.from('{"a": 1}'),
    );
    assertSentence({}, `${begin}. Top-level keys: (none). It starts with: {}`);
  });

  it('a huge object -> a short sentence', () => {
    const message: Record<string, unknown> = {};
    for (let i = 0; i < 1000; i++) message[`key ${i} ${'k'.repeat(1000)}`] = 'v'.repeat(1000);
    const { params } = problemOf(message);
    assert.equal(String(params.keys).split(', ').length, 11);
    assert.ok(String(params.keys).length < 500);
    assert.ok(String(params.start).length <= 121);
    assert.ok(String(problemOf({ a: 1 }, 'é'.repeat(1000)).params.start).length <= 121);
    assert.doesNotMatch(
      String(problemOf({ a: 1 }, Buffer.from('𝒳'.repeat(1000))).params.start),
      /\p{Surrogate}/u,
    );
    assert.doesNotMatch(String(problemOf(`a${'𝒳'.repeat(1000)}`).params.start), /\p{Surrogate}/u);
  });

  it('a value that is not an object -> its type and value, translatable', () => {
    for (const [value, key] of [
      [5, 'value-number'],
      ['"x"', 'value-string'],
      [true, 'value-boolean'],
      [10n, 'value-of-type'],
    ] as const) {
      const { what } = problemOf(value).params;
      assert.ok(what instanceof Problem && what.key === key, key);
    }
  });

  it('any other value -> a sentence that names it', () => {
    assertSentence(undefined, /: received undefined\. Expected/);
    assertSentence(null, /: received null\./);
    assertSentence('null', /: received null\./);
    assertSentence(5, /: received the number 5\./);
    assertSentence('"foo"', /: received the string "foo"\./);
    assertSentence(false, /: received the boolean false\./);
    assertSentence(10n, /: received a value of type bigint\./);
    assertSentence(Symbol('s'), /: received a value of type symbol\./);
    assertSentence(() => 1, /: received a value of type function\./);
    assertSentence([{ limit: {} }], /an array\. Use a split node .* starts with: \[\{"limit":\{\}\}\]$/);
    assertSentence('[]', /an array/);
    assertSentence('', /the text is empty/);
    assertSentence('\r\n', /the text is empty/);
    assertSentence(Buffer.alloc(0), /the text is empty/);
    assertSentence(
      'Exceeded connection limit for user',
      /not valid JSON \(.*\)\. It starts with: Exceeded connection limit for user$/,
    );
    assertSentence('{"limit":{"track":1}', /not valid JSON/);
    assertSentence(Buffer.from([0xff, 0xfe, 0x00]), /not valid JSON/);
  });

  it('the response of a search -> list-in-data', () => {
    for (const text of ['{"data":[]}', '{"data":[{"id":"1","text":"x"}],"meta":{"result_count":1}}']) {
      assert.equal(problemOf(text).key, 'list-in-data', text);
    }
    assertSentence(
      '{"data":[{"id":"1","text":"x"}],"meta":{}}',
      /a search or lookup response with an array in data.* each post as \{data: post\}\. Top-level keys: data, meta\. It starts with: \{"data":\[/,
    );
  });

  it('an object that resembles a message -> unknown-message', () => {
    for (const text of [
      '{"data":{}}',
      '{"data":null}',
      '{"data":{"id":"1"}}',
      '{"data":{"id":"2244994945","name":"Dev","username":"Dev"}}',
      '{"data":{"id":"1","text":"x","event_type":"MessageCreate","dm_conversation_id":"1-2"}}',
      '{"data":{"text":"x"}}',
      '{"id":"1","text":"x"}',
      '{"id":"1","text":"x","lang":"en","created_at":"2019-09-28T18:05:23.000Z","source":"web","entities":{}}',
      '{"id":"1","text":"x","author_id":"1","event_type":"MessageCreate"}',
      '{"id":"1","text":"x","event_type":"MessageCreate","referenced_tweets":[{"id":"5"}]}',
      '{"id":"1","text":"x","referenced_tweets":[{"id":"5"}]}',
      '{"id":"1","text":"x","author_id":"1","dm_conversation_id":"1-2"}',
      '{"id":"1","text":"x","conversation_id":"1-2"}',
      '{"id":"5b3","text":"x","author_id":"1"}',
      '{"id":"1","text":"x","author_id":"u-9"}',
      '{"id":"1","text":"x","author_id":null,"edit_history_tweet_ids":null}',
      '{"id":"1","author_id":"1"}',
      '{"id":"1","name":"Dev","username":"Dev","public_metrics":{}}',
      '{"id":"1","title":"x","author_id":"1"}',
      '{"tweet":{"tweet_id":"1","user_id":"2","created_at":"Sat Sep 28 18:05:23 +0000 2019"}}',
      '{"tweet":{"full_text":"x"}}',
      '{"tweet":"x"}',
      '{"like":{"tweetId":"1","fullText":"x"}}',
      '{"dmConversation":{"conversationId":"1-2","messages":[]}}',
      '{"id":1,"user":{}}',
      '{"text":"x"}',
      '{"text":"x","id_str":"five"}',
      '{"id":1,"full_text":"x"}',
      '{"text":5,"user":{}}',
      '{"user":{"id":1}}',
      '{"delete":null}',
      '{"friends":null}',
      '{"event":null,"source":{},"target":{}}',
      '{"for_user":"1"}',
      '{"for_user":"1","message":"x"}',
      '{"for_user":"1","message":{"what":"ever"}}',
      '{"for_user_id":"1","tweet_create_events":[{"id":1,"text":"x","user":{}}]}',
      '{"verb":"delete","kind":"Event","objectRef":{"resource":"pods"}}',
      '{"id":"tag:gnip.example.com:2012:post/1","objectType":"activity","verb":"post","body":"x"}',
      '{"objectType":"activity","verb":"like","actor":{"id":"id:example.com:5"},"object":{"id":"tag:example.com,2001:7"}}',
      '{"error":"boom"}',
      '{"error":{"code":5}}',
      '{"title":"a book"}',
      '{"type":"message"}',
      '{"errors":{}}',
      '{"data":{"x":1},"errors":[]}',
    ]) {
      assert.equal(problemOf(text).key, 'unknown-message', text);
    }
  });

  it('circular, deep, large or hostile -> a Problem', () => {
    const circular: Record<string, unknown> = { a: [] };
    circular.self = circular;
    (circular.a as unknown[]).push(circular);
    assertSentence(circular, /keys: a, self\. It starts with/);

    const hostile = (handler: ProxyHandler<object>) => new Proxy({}, handler);
    const fail = () => {
      throw new Error('no access');
    };
    assertSentence(hostile({ get: fail }), /cannot be read \(no access\)/);
    assertSentence(hostile({ ownKeys: fail }), /cannot be read/);
    assertSentence(hostile({ getPrototypeOf: fail }), /cannot be read/);
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    assertSentence(revoked.proxy, /cannot be read/);
    const getter = Object.defineProperty({}, 'data', { get: fail, enumerable: true });
    assertSentence(getter, /cannot be read/);
    const thrower = {
      get data() {
        throw {
          toString() {
            throw new Error('worse');
          },
        };
      },
    };
    assertSentence(thrower, /cannot be read \(unknown error\)/);

    assertSentence(`${'['.repeat(100)}${']'.repeat(100)}`, /an array/);
    assertSentence(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, /Top-level keys: a\./);
    assert.ok(problemOf('['.repeat(1_000_000)));
    assertSentence(`{"a":"${'x'.repeat(10_000_000)}"}`, /Top-level keys: a\. It starts with: \{"a":"xxx/);
    assertSentence({ a: new Array(1_000_000).fill(1) }, /Top-level keys: a\./);
    assertSentence(new Map([['limit', {}]]), /Top-level keys: \(none\)/);
    assertSentence(new Date(0), /Top-level keys: \(none\)/);
  });
});

describe('classify: inherited members', () => {
  it('on the prototype -> ignored and unchanged', () => {
    assertSentence('{"__proto__":{"limit":{"track":1}}}', /Top-level keys: __proto__/);
    assertSentence({ __proto__: { limit: {} } }, /Top-level keys: \(none\)/);
    assertSentence(Object.create({ delete: {}, text: 'x', user: {} }), /Top-level keys: \(none\)/);
    assert.equal(Object.hasOwn(Object.prototype, 'limit'), false);
    const text =
      '{"__proto__":{"retweeted_status":{}},"constructor":1,"id_str":"5","text":"x","user":{"__proto__":null}}';
    assert.deepEqual(classify(text), { kind: 'tweet', key: '5' });
    assert.equal(classify(Object.assign(Object.create(null), { limit: {} })).kind, 'limit');
  });
});

describe('classify: presence', () => {
  it('falsy values -> present', () => {
    for (const value of ['[]', '{}', '0', '""', 'false']) {
      for (const name of ['friends', 'limit', 'delete', 'warning', 'disconnect', 'scrub_geo', 'event']) {
        assert.equal(classify(`{"${name}":${value}}`).kind, name);
      }
    }
    assert.equal(classify('{"errors":[]}').kind, 'warning');
  });
});
