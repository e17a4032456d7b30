import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';
import { Problem } from '../../src/util/problem';

function problemOf(message: unknown, raw?: string | Uint8Array): Problem {
  let problem: unknown;
  try {
    assert.fail(`no problem but ${classify(message, raw).kind}`);
  } catch (error) {
    problem = error;
  }
  assert.ok(problem instanceof Problem, String(problem));
  return problem;
}

function says(message: unknown, sentence: RegExp | string, raw?: string | Uint8Array) {
  const said = problemOf(message, raw).message;
  if (typeof sentence === 'string') assert.equal(said, sentence);
  else assert.match(said, sentence);
}

const BEGIN = 'Not a message of the X stream';

describe('what is no message of the X stream', () => {
  it('is described by its top-level keys and how it begins', () => {
    says(
      { data: {}, meta: { a: 1 } },
      `${BEGIN}: top-level keys data, meta; it begins with {"data":{},"meta":{"a":1}}`,
    );
    says('{"b": 1,\n "a": 2}', `${BEGIN}: top-level keys b, a; it begins with {"b": 1, "a": 2}`);
    says({ a: 1 }, `${BEGIN}: top-level keys a; it begins with {"a": 1}`, '{"a": 1}');
    says({ a: 1 }, `${BEGIN}: top-level keys a; it begins with {"a": 1}`, Buffer.from('{"a": 1}'));
    says({}, `${BEGIN}: top-level keys (none); it begins with {}`);
  });

  it('is described in bounds', () => {
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

  it('may be anything', () => {
    says(undefined, /: it is undefined, but must be/);
    says(null, /: it is null,/);
    says('null', /: it is null,/);
    says(5, /: it is the number 5,/);
    says('"foo"', /: it is the string "foo",/);
    says(false, /: it is the boolean false,/);
    says(10n, /: it is a value of type bigint,/);
    says(Symbol('s'), /: it is a value of type symbol,/);
    says(() => 1, /: it is a value of type function,/);
    says([{ limit: {} }], /a list: split it .* begins with \[\{"limit":\{\}\}\]$/);
    says('[]', /a list/);
    says('', /the text is empty/);
    says('\r\n', /the text is empty/);
    says(Buffer.alloc(0), /the text is empty/);
    says(
      'Exceeded connection limit for user',
      /not JSON \(.*\); it begins with Exceeded connection limit for user$/,
    );
    says('{"limit":{"track":1}', /not JSON/);
    says(Buffer.from([0xff, 0xfe, 0x00]), /not JSON/);
  });

  it('may be the answer of a search', () => {
    for (const text of ['{"data":[]}', '{"data":[{"id":"1","text":"x"}],"meta":{"result_count":1}}']) {
      assert.equal(problemOf(text).key, 'list-in-data', text);
    }
    says(
      '{"data":[{"id":"1","text":"x"}],"meta":{}}',
      /an answer with a list in data .* each post as \{data: post\}; top-level keys data, meta; it begins with \{"data":\[/,
    );
  });

  it('is never taken for a post', () => {
    for (const text of [
      '{"data":{}}',
      '{"data":null}',
      '{"data":{"id":"1"}}',
      '{"data":{"id":"2244994945","name":"Dev","username":"Dev"}}',
      '{"data":{"id":"1","text":"x","event_type":"MessageCreate","dm_conversation_id":"1-2"}}',
      '{"data":{"text":"x"}}',
      '{"id":"1","text":"x"}',
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

  it('may be odd, deep, large or hostile', () => {
    const circular: Record<string, unknown> = { a: [] };
    circular.self = circular;
    (circular.a as unknown[]).push(circular);
    says(circular, /keys a, self; it begins with/);

    const hostile = (handler: ProxyHandler<object>) => new Proxy({}, handler);
    const fail = () => {
      throw new Error('no way in');
    };
    says(hostile({ get: fail }), /cannot be read \(no way in\)/);
    says(hostile({ ownKeys: fail }), /cannot be read/);
    says(hostile({ getPrototypeOf: fail }), /cannot be read/);
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    says(revoked.proxy, /cannot be read/);
    const getter = Object.defineProperty({}, 'data', { get: fail, enumerable: true });
    says(getter, /cannot be read/);
    const thrower = {
      get data() {
        throw {
          toString() {
            throw new Error('worse');
          },
        };
      },
    };
    says(thrower, /cannot be read \(unknown error\)/);

    says(`${'['.repeat(100)}${']'.repeat(100)}`, /a list/);
    says(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, /top-level keys a;/);
    assert.ok(problemOf('['.repeat(1_000_000)));
    says(`{"a":"${'x'.repeat(10_000_000)}"}`, /top-level keys a; it begins with \{"a":"xxx/);
    says({ a: new Array(1_000_000).fill(1) }, /top-level keys a;/);
    says(new Map([['limit', {}]]), /top-level keys \(none\)/);
    says(new Date(0), /top-level keys \(none\)/);
  });
});

describe('members that are not the message’s own', () => {
  it('count for nothing and stay where they are', () => {
    says('{"__proto__":{"limit":{"track":1}}}', /top-level keys __proto__/);
    says({ __proto__: { limit: {} } }, /top-level keys \(none\)/);
    says(Object.create({ delete: {}, text: 'x', user: {} }), /top-level keys \(none\)/);
    assert.equal(Object.hasOwn(Object.prototype, 'limit'), false);
    const text =
      '{"__proto__":{"retweeted_status":{}},"constructor":1,"id_str":"5","text":"x","user":{"__proto__":null}}';
    assert.deepEqual(classify(text), { kind: 'tweet', key: '5' });
    assert.equal(classify(Object.assign(Object.create(null), { limit: {} })).kind, 'limit');
  });
});

describe('presence', () => {
  it('decides, not truth', () => {
    for (const value of ['[]', '{}', '0', '""', 'false']) {
      for (const name of ['friends', 'limit', 'delete', 'warning', 'disconnect', 'scrub_geo', 'event']) {
        assert.equal(classify(`{"${name}":${value}}`).kind, name);
      }
    }
    assert.equal(classify('{"errors":[]}').kind, 'warning');
  });
});
