import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../dev/paths';
import { WireReader, WireWriter } from '../../../src/kafka/protocol/wire';
import { exchanges } from './exchanges';
import {
  digestOf,
  isFlexible,
  type KafkaBytes,
  labelOf,
  messagesOf,
  requestOf,
  responsesOf,
  versionsOf,
} from './exchanges/messages';

/** Versions of ours that this Kafka does not have any more, so that it cannot write them: labels of their messages. */
const notInKafka: string[] = [];

const kafka: KafkaBytes = JSON.parse(readFileSync(join(__dirname, 'kafka-bytes.json'), 'utf8'));
const all = Object.values(exchanges).flat();

/** Every response that Kafka wrote, in each version. */
const responses = all.flatMap((exchange) =>
  versionsOf(exchange).flatMap((version) =>
    responsesOf(exchange, version).flatMap(({ message, decoded }) => {
      const label = labelOf(message);
      const hex = kafka.messages[label];
      if (hex === undefined) return [];
      const [bytes, flexible] = [Buffer.from(hex, 'hex'), isFlexible(exchange, version)];
      return [{ label, bytes, flexible, decoded, version, request: exchange.request }];
    }),
  ),
);
type Response = (typeof responses)[number];

/** Decodes bytes in place of the response's. @returns false for a RangeError. @throws any other error */
function isDecodable({ label, flexible, request, version }: Response, bytes: Buffer): boolean {
  try {
    request.decode(new WireReader(bytes, flexible), version);
    return true;
  } catch (error) {
    assert.ok(error instanceof RangeError, `${label}, ${bytes.toString('hex')}: ${error}`);
    return false;
  }
}

function unread(body: WireReader): Buffer {
  const bytes: number[] = [];
  for (;;) {
    try {
      bytes.push(body.int8());
    } catch {
      return Buffer.from(bytes);
    }
  }
}

test('exchanges -> one for each function that makes a request', () => {
  const folder = join(root, 'src/kafka/protocol/requests');
  const functions = readdirSync(folder).flatMap((name) =>
    Object.entries(require(join(folder, name)))
      .filter(([, exported]) => typeof exported === 'function')
      .map(([exported]) => exported),
  );
  assert.deepEqual(Object.keys(exchanges).sort(), functions.sort());
  for (const [name, list] of Object.entries(exchanges)) {
    assert.ok(
      list.some(({ answers }) => answers.length > 0),
      `${name}: no response`,
    );
  }
});

test('exchanges -> bytes of Kafka for each request and response in each version', () => {
  const messages = messagesOf(all);
  const labels = messages.map(labelOf);
  assert.equal(new Set(labels).size, labels.length, 'labels are unique');
  assert.deepEqual(
    labels.filter((label) => !(label in kafka.messages)),
    notInKafka,
  );
  assert.deepEqual(
    Object.keys(kafka.messages).filter((label) => !labels.includes(label)),
    [],
  );
  assert.equal(kafka.digest, digestOf(messages), 'to be written by dev/kafka/protocol-bytes/write.ts');
  const pom = readFileSync(join(root, 'dev/kafka/pom.xml'), 'utf8');
  assert.ok(pom.includes(`<version>${kafka.kafka}</version>`), 'written by the Kafka of the tests');
});

test('requests -> the bytes that Kafka writes, in each version', () => {
  for (const exchange of all) {
    for (const version of versionsOf(exchange)) {
      const label = labelOf(requestOf(exchange, version));
      if (notInKafka.includes(label)) continue;
      const body = new WireWriter(isFlexible(exchange, version));
      exchange.request.encode(body, version);
      assert.equal(body.bytes().toString('hex'), kafka.messages[label], label);
    }
  }
});

test('responses that Kafka writes -> decoded completely, in each version', () => {
  for (const { label, bytes, flexible, decoded, version, request } of responses) {
    const body = new WireReader(bytes, flexible);
    let actual: unknown;
    assert.doesNotThrow(() => {
      actual = request.decode(body, version);
    }, label);
    assert.deepEqual(actual, decoded, label);
    let rest = unread(body);
    if (flexible && rest.length > 0) {
      // A decoder may leave the tagged fields of the response itself, which end it.
      const tags = new WireReader(rest, true);
      tags.end();
      rest = unread(tags);
    }
    assert.equal(rest.toString('hex'), '', label);
  }
});

test('responses cut at any length -> decoded, or a RangeError', () => {
  for (const response of responses) {
    for (let length = 0; length < response.bytes.length; length++) {
      isDecodable(response, response.bytes.subarray(0, length));
    }
    assert.equal(isDecodable(response, response.bytes.subarray(0, 1)), false, response.label);
  }
});

test('responses with any byte changed -> decoded, or a RangeError', () => {
  for (const response of responses) {
    for (let at = 0; at < response.bytes.length; at++) {
      for (const byte of [0x00, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(response.bytes);
        bytes[at] = byte;
        isDecodable(response, bytes);
      }
    }
  }
});
