import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAddress, placeOf, readAddress } from '../../../src/kafka/connection/address';
import { listenerSecurity, parseBrokers } from '../../../src/kafka/connection/broker-list';
import { topicName } from '../../../src/kafka/topic-name';
import { Problem } from '../../../src/util/problem';

const valid: Array<[string, string[]]> = [
  ['localhost:9092', ['localhost:9092']],
  ['kafka1, kafka2:9093', ['kafka1:9092', 'kafka2:9093']],
  [
    'PLAINTEXT://10.0.0.1:9092;SSL://broker-2.example.com:9094/',
    ['10.0.0.1:9092', 'broker-2.example.com:9094'],
  ],
  [' a:1\n b:2\tb:2 ', ['a:1', 'b:2']],
  // As it is written in code, in a configuration, or in a table.
  ["['k:9092']", ['k:9092']],
  ["bootstrap_servers=['a:1', '[::1]:2']", ['a:1', '[::1]:2']],
  ['"k:9092"', ['k:9092']],
  ['bootstrap.servers=a:1,b', ['a:1', 'b:9092']],
  ['a : 1, b: 2 c :3', ['a:1', 'b:2', 'c:3']],
  ['k 9093', ['k:9093']],
  ['a 1 b 2, [::1] 3, SSL://c 4', ['a:1', 'b:2', '[::1]:3', 'c:4']],
  ['[::1]:9093', ['[::1]:9093']],
  ['[::1]', ['[::1]:9092']],
  [
    'PLAINTEXT://[2001:db8::1]:9093/; kafka1\n[fe80::1%eth0]:9092 [::ffff:10.0.0.1],[::1]:9092,[::1]',
    ['[2001:db8::1]:9093', 'kafka1:9092', '[fe80::1%eth0]:9092', '[::ffff:10.0.0.1]:9092', '[::1]:9092'],
  ],
];

test('parseBrokers: a pasted list -> host:port of each', () => {
  for (const [text, brokers] of valid) assert.deepEqual(parseBrokers(text), brokers, text);
});

test('listenerSecurity: what the protocol asks for; none, an unknown one or several -> undefined', () => {
  for (const [text, protocol, tls, sasl] of [
    ['SSL://k:9093', 'SSL', true, false],
    ['sasl_ssl://k:9094, SASL_SSL://l:9094', 'SASL_SSL', true, true],
    ['SASL_PLAINTEXT://k', 'SASL_PLAINTEXT', false, true],
    ['PLAINTEXT://k', 'PLAINTEXT', false, false],
  ] as const) {
    assert.deepEqual(listenerSecurity(text), { protocol, tls, sasl });
  }
  for (const text of ['k:9092', 'CLIENT://k', 'SSL://k, PLAINTEXT://l', '']) {
    assert.equal(listenerSecurity(text), undefined, text);
  }
});

test('parseBrokers: an invalid entry -> an error that names it', () => {
  assert.throws(() => parseBrokers(' , '), { key: 'brokers-empty' });
  assert.throws(() => parseBrokers(`$${'{KAFKA_BROKERS}'}`), { key: 'env-unset' });
  assert.throws(() => parseBrokers('a:1,$'.concat('{SECOND}:9092')), {
    params: { field: 'brokers', name: 'SECOND' },
  });
  const names = ['kafka1:0', 'kafka1:70000', 'kafka1:port', '://x', '$KAFKA_BROKERS', 'a:1:2'];
  const ipv6 = ['[]', '[]:9092', '[kafka1]:9092', '[10.0.0.1]:9092', '[::1:9092', '::1]:9092', '[::g]:9092'];
  for (const entry of [...names, ...ipv6, '[::1]:0', '[::1]9092', '[::1]:', '[::1%]', '[::1%a/b]']) {
    assert.throws(
      () => parseBrokers(`good:9092,${entry}`),
      (error) => error instanceof Problem && error.key === 'broker-invalid' && error.message.includes(entry),
      entry,
    );
  }
});

test('parseBrokers: an IPv6 address without brackets -> an error that shows it with brackets', () => {
  for (const [entry, example] of [
    ['::1', '[::1]:9092'],
    ['SSL://::1:9093', '[::1]:9093'],
    ['2001:db8::1', '[2001:db8::1]:9092'],
    ['fe80::1%eth0', '[fe80::1%eth0]:9092'],
  ]) {
    assert.throws(() => parseBrokers(`good:9092,${entry}`), {
      key: 'broker-ipv6',
      params: { entry, example },
    });
  }
});

test('parseBrokers: any text -> brokers that it reads as the same again, or a problem', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      ':',
      '::',
      '%',
      '://',
      ',',
      ' ',
      '9092',
      'kafka1',
      '::1',
      'ffff',
      '.',
      '/',
      '$'.concat('{A}'),
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.ipV6(),
    fc.webAuthority(),
  );
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
  const read = (list: string): string[] | Problem => {
    try {
      return parseBrokers(list);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  };
  fc.assert(
    fc.property(text, (list) => {
      const brokers = read(list);
      if (brokers instanceof Problem) return;
      assert.ok(brokers.length > 0);
      assert.deepEqual(parseBrokers(brokers.join(', ')), brokers);
      for (const broker of brokers) {
        const { host, port } = readAddress(broker);
        assert.ok(isIPv6(host) || /^[\w.-]+$/.test(host), broker);
        assert.ok(port >= 1 && port <= 65_535, broker);
        assert.equal(formatAddress({ host, port }), broker);
        assert.equal(placeOf(`${host}:${port}`), broker, 'as kafkajs names it');
      }
    }),
    { numRuns: 2000 },
  );
});

test('topicName: the rules of the broker', () => {
  for (const name of ['tweets', 'a.b_c-1', 'x'.repeat(249)]) assert.equal(topicName(name), name);
  for (const name of ['.', '..', 'a b', 'é', 'x'.repeat(250), 'a/b']) {
    assert.throws(() => topicName(name), { key: 'topic-invalid' }, name);
  }
  for (const nothing of [undefined, null, '']) assert.throws(() => topicName(nothing), { key: 'topic-none' });
  assert.throws(() => topicName({}), { key: 'topic-no-text' });
});
