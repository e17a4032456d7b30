import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { type Reader, Writer } from './protocol';
import { portOf, sendRequest } from './request';

/** The entity of a quota; name null is the default for entities without their own quota. */
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
 * Limits the bytes per second that each client id (or another entity) may produce; null removes the limit
 * (AlterClientQuotas).
 * @param address a plaintext listener, "127.0.0.1:port"
 * @throws Kafka's error
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
  body.boolean(false); // no dry run
  const request = { api: 49, version: 0, body: body.bytes() };
  throwOnError(
    `Cannot change the quota of ${nameOf(entity)}`,
    await sendRequest(portOf(address), request, decodeQuotaErrors),
  );
}

/** The limit set by `setProducerQuota`, from DescribeClientQuotas; null if there is none. */
export async function producerQuota(address: string, entity = everyClient): Promise<number | null> {
  const matchType = entity.name === null ? 1 : 0; // 0: exact name, 1: default
  const body = new Writer().int32(1).string(entity.type).int8(matchType).string(entity.name);
  body.boolean(true); // strict: no entity with more components
  const request = { api: 48, version: 0, body: body.bytes() };
  const response = await sendRequest(portOf(address), request, decodeQuotas);
  throwOnError(`Cannot describe the quota of ${nameOf(entity)}`, [response]);
  return response.rates.get(produceRate) ?? null;
}

/**
 * Creates a SCRAM user or changes its password (AlterUserScramCredentials). The change reaches the brokers shortly
 * afterwards.
 * @param address a plaintext listener, "127.0.0.1:port"
 * @throws Kafka's error
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
  throwOnError(`Cannot create the user ${username}`, await alterScram(address, body.bytes()));
}

/** Removes a SCRAM user; open connections stay open. */
export async function removeScramUser(
  address: string,
  username: string,
  mechanism: ScramMechanism = 'SCRAM-SHA-256',
): Promise<void> {
  const body = new Writer().varint(2).compactString(username).int8(mechanisms[mechanism].number).noTags();
  body.varint(1).noTags(); // no upsertions
  throwOnError(`Cannot remove the user ${username}`, await alterScram(address, body.bytes()));
}

interface Result {
  code: number;
  text: string;
}

function throwOnError(what: string, results: Result[]): void {
  const bad = results.find(({ code }) => code !== 0);
  if (bad) throw new Error(`${what}: Kafka error ${bad.code}${bad.text ? `, ${bad.text}` : ''}`);
}

function nameOf({ type, name }: QuotaEntity): string {
  return `${type} ${name ?? '(default)'}`;
}

function alterScram(address: string, body: Buffer): Promise<Result[]> {
  return sendRequest(portOf(address), { api: 51, version: 0, flexible: true, body }, (response) => {
    response.int32(); // throttle time
    return response.compactList(() => {
      response.compactString(); // user
      const result = { code: response.int16(), text: response.compactString() };
      response.tags();
      return result;
    });
  });
}

function decodeQuotaErrors(response: Reader): Result[] {
  response.int32(); // throttle time
  return response.list(() => {
    const result = { code: response.int16(), text: response.string() };
    skipEntity(response);
    return result;
  });
}

function decodeQuotas(response: Reader): Result & { rates: Map<string, number> } {
  response.int32(); // throttle time
  const result = { code: response.int16(), text: response.string() };
  const entries = response.list(() => {
    skipEntity(response);
    return response.list((): [string, number] => [response.string(), response.float64()]);
  });
  return { ...result, rates: new Map(entries.flat()) };
}

function skipEntity(response: Reader): void {
  response.list(() => [response.string(), response.string()]);
}
