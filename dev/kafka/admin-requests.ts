import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { type Reader, Writer } from './protocol';
import { portOf, sendRequest } from './request';

/** Who a quota is for; a name of null stands for all that have no quota of their own. */
export interface QuotaEntity {
  type: 'client-id' | 'user';
  name: string | null;
}

export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

const everyClient: QuotaEntity = { type: 'client-id', name: null };
const produceRate = 'producer_byte_rate';
const iterations = 4_096;

const mechanisms = {
  'SCRAM-SHA-256': { number: 1, digest: 'sha256', length: 32 },
  'SCRAM-SHA-512': { number: 2, digest: 'sha512', length: 64 },
} as const;

/**
 * Lets each client id (or another entity) produce only so many bytes a second; null takes the limit away
 * (AlterClientQuotas). `address` is a plaintext listener, "127.0.0.1:port". Throws what Kafka says against it.
 */
export async function setProducerQuota(
  address: string,
  bytesPerSecond: number | null,
  entity: QuotaEntity = everyClient,
): Promise<void> {
  const body = new Writer().int32(1); // one entry …
  body.int32(1).string(entity.type).string(entity.name); // … of one entity …
  body.int32(1).string(produceRate); // … with one operation
  body.float64(bytesPerSecond ?? 0).boolean(bytesPerSecond === null);
  body.boolean(false); // not only tried
  const request = { api: 49, version: 0, body: body.bytes() };
  refuse(
    `The quota of ${nameOf(entity)} was not changed`,
    await sendRequest(portOf(address), request, quotaErrors),
  );
}

/** The limit that `setProducerQuota` has set, as the broker describes it; null if there is none. */
export async function producerQuota(address: string, entity = everyClient): Promise<number | null> {
  const exact = entity.name === null ? 1 : 0; // 1: the default one
  const body = new Writer().int32(1).string(entity.type).int8(exact).string(entity.name);
  body.boolean(true); // no entity that has more parts
  const request = { api: 48, version: 0, body: body.bytes() };
  const answer = await sendRequest(portOf(address), request, quotasIn);
  refuse(`The quota of ${nameOf(entity)} cannot be described`, [answer]);
  return answer.rates.get(produceRate) ?? null;
}

/**
 * Lets a user log in by SCRAM, or gives him another password (AlterUserScramCredentials). The brokers learn of it
 * a moment later. `address` is a plaintext listener, "127.0.0.1:port". Throws what Kafka says against it.
 */
export async function setScramUser(
  address: string,
  { username, password }: { username: string; password: string },
  mechanism: ScramMechanism = 'SCRAM-SHA-256',
): Promise<void> {
  const { number, digest, length } = mechanisms[mechanism];
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, length, digest);
  const body = new Writer().varint(1); // no deletions; lists have their length + 1
  body.varint(2).compactString(username).int8(number).int32(iterations);
  body.compactBytes(salt).compactBytes(salted).noTags().noTags();
  refuse(`The user ${username} was not set`, await alterScram(address, body.bytes()));
}

/** Takes a user's right to log in by SCRAM away; connections that are open stay. */
export async function removeScramUser(
  address: string,
  username: string,
  mechanism: ScramMechanism = 'SCRAM-SHA-256',
): Promise<void> {
  const body = new Writer().varint(2).compactString(username).int8(mechanisms[mechanism].number).noTags();
  body.varint(1).noTags(); // no upsertions
  refuse(`The user ${username} was not removed`, await alterScram(address, body.bytes()));
}

interface Outcome {
  code: number;
  text: string;
}

function refuse(what: string, outcomes: Outcome[]): void {
  const bad = outcomes.find(({ code }) => code !== 0);
  if (bad) throw new Error(`${what}: Kafka's error ${bad.code}, ${bad.text || 'without a word'}`);
}

function nameOf({ type, name }: QuotaEntity): string {
  return `${type} ${name ?? '(default)'}`;
}

function alterScram(address: string, body: Buffer): Promise<Outcome[]> {
  return sendRequest(portOf(address), { api: 51, version: 0, flexible: true, body }, (answer) => {
    answer.int32(); // throttle time
    return answer.compactList(() => {
      answer.compactString(); // user
      const outcome = { code: answer.int16(), text: answer.compactString() };
      answer.tags();
      return outcome;
    });
  });
}

function quotaErrors(answer: Reader): Outcome[] {
  answer.int32(); // throttle time
  return answer.list(() => {
    const outcome = { code: answer.int16(), text: answer.string() };
    entityIn(answer);
    return outcome;
  });
}

function quotasIn(answer: Reader): Outcome & { rates: Map<string, number> } {
  answer.int32(); // throttle time
  const outcome = { code: answer.int16(), text: answer.string() };
  const entries = answer.list(() => {
    entityIn(answer);
    return answer.list((): [string, number] => [answer.string(), answer.float64()]);
  });
  return { ...outcome, rates: new Map(entries.flat()) };
}

function entityIn(answer: Reader): void {
  answer.list(() => [answer.string(), answer.string()]);
}
