// The only file that changes kafkajs, or imports modules inside it: it is pinned exactly for that reason.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { CompressionCodecs } from 'kafkajs';
import BrokerPool, { type MetadataSource, type PooledBroker } from 'kafkajs/src/cluster/brokerPool';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import metadataV5, { type MetadataResponse } from 'kafkajs/src/protocol/requests/metadata/v5/response';
import metadataV6 from 'kafkajs/src/protocol/requests/metadata/v6/response';
import theirProduce from 'kafkajs/src/protocol/requests/produce/v7/request';
import { sleep } from '../../util/sleep';
import type { CompressorFactory } from '../compression';
import { encodeProduce, type ProduceFields } from '../protocol/produce-request';

/** kafkajs's error for Kafka's number of it. */
export const protocolError = (code: number): Error => createErrorFromCode(code);

const checkMs = 10;
const slowMetadataMs = 1000;
const produceModule = require.resolve('kafkajs/src/protocol/requests/produce/v7/request');
const isPrivate = isPrivateCopy(produceModule, __dirname);
let patched = false;
let metadataPatched = false;
let brokerChoicePatched = false;
const leaderNotAvailable = 5;

/**
 * Whether a file of kafkajs belongs to this package alone. The package ships its own kafkajs (bundleDependencies), and
 * npm, pnpm and yarn install it below the package. A copy elsewhere, for example one that npm workspaces hoist, may
 * serve other packages in the same process, so it must stay as it is: of delivery only headers whose value is null, and
 * the other partitions of a topic that has one without a leader, or one whose replicas are slow, depend on the patches
 * below.
 * @param kafkajsFile a file of the copy that `require` resolves to
 * @param ownFolder a folder of this package
 */
export function isPrivateCopy(kafkajsFile: string, ownFolder: string): boolean {
  const ownModules = join(packageFolder(ownFolder), 'node_modules');
  // A package manager may link the folder or the packages in it: compare where the files are.
  return existsSync(ownModules) && realpathSync(kafkajsFile).startsWith(realpathSync(ownModules) + sep);
}

function packageFolder(folder: string): string {
  const parent = dirname(folder);
  return existsSync(join(folder, 'package.json')) || parent === folder ? folder : packageFolder(parent);
}

/**
 * Stops the timer of kafkajs 2.2.4's request queue. After the first response, every connection sets a timer with a
 * negative delay again and again, which costs about 4 % of a core when idle and a TimeoutNegativeWarning on Node 24
 * (tulios/kafkajs#1751). Without pending requests there is nothing to check, and a request that becomes pending
 * schedules its own check. Does nothing if other packages share this kafkajs.
 */
export function patchRequestQueue(): void {
  if (patched || !isPrivate) return;
  patched = true;
  RequestQueue.prototype.scheduleCheckPendingRequests = function schedule(): void {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const throttled = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttled > 0 ? throttled : checkMs,
    );
  };
}

/**
 * Replaces kafkajs's encoding of Produce requests (version 7: Kafka 2.1 and later) with ours, which makes the same
 * bytes in a third of the time, and can write a header whose value is null. kafkajs requires the module again for each
 * request. kafkajs still encodes what ours does not support: transactions, and strings instead of bytes. Does nothing if
 * other packages share this kafkajs.
 */
export function patchProduceRequest(): void {
  const module = require.cache[produceModule];
  if (!isPrivate || !module || module.exports !== theirProduce) return;
  module.exports = (fields: ProduceFields) => {
    const request = theirProduce(fields);
    if (!isPlain(fields)) return request;
    return { ...request, encode: async () => encoded(await encodeProduce(fields, compressor(fields))) };
  };
}

/**
 * Lets kafkajs read the metadata of a topic although one of its partitions has no leader: kafkajs 2.2.4 rejects them, so
 * that no record reaches the topic's other partitions either. A record for the partition itself fails with
 * KafkaJSBrokerNotFound until it has a leader. Does nothing if other packages share this kafkajs.
 */
export function patchMetadataResponse(): void {
  if (metadataPatched || !isPrivate) return;
  metadataPatched = true;
  for (const response of [metadataV5, metadataV6]) {
    const { parse } = response;
    response.parse = async (data) => {
      await parse(withoutLeaderErrors(data));
      return data;
    };
  }
}

/**
 * Lets a client ask a second broker for metadata where the first takes over a second, and first the one whose oldest
 * request without a response is the youngest. kafkajs 2.2.4 asks any connected broker. One that waits for the replicas of
 * a batch, or hangs, answers nothing else on that connection meanwhile, and all sends of the client wait for the
 * metadata. Does nothing if other packages share this kafkajs.
 */
export function patchMetadataBroker(): void {
  if (brokerChoicePatched || !isPrivate) return;
  brokerChoicePatched = true;
  const { findConnectedBroker } = BrokerPool.prototype;
  // kafkajs calls it for nothing else than to ask the broker for metadata.
  BrokerPool.prototype.findConnectedBroker = async function find(): Promise<MetadataSource> {
    const first = fastestBroker(this) ?? (await findConnectedBroker.call(this));
    return { metadata: (topics) => metadataOf(topics, first, () => secondBroker(this, first)) };
  };
}

async function metadataOf(
  topics: string[],
  first: MetadataSource,
  second: () => Promise<MetadataSource | undefined>,
): Promise<object> {
  const answered = new AbortController();
  const answer = first.metadata(topics);
  const other = async (): Promise<object> => {
    await sleep(slowMetadataMs, answered.signal);
    const broker = answered.signal.aborted ? undefined : await second();
    return broker ? broker.metadata(topics).catch(() => answer) : answer;
  };
  try {
    return await Promise.race([answer, other()]);
  } finally {
    answered.abort();
  }
}

/** Another broker that answers fast, or one that the client has no connection to yet. */
async function secondBroker(pool: BrokerPool, first: MetadataSource): Promise<PooledBroker | undefined> {
  const fastest = fastestBroker(pool, first);
  if (fastest && waitingSince(fastest) > Date.now() - slowMetadataMs) return fastest;
  for (const [nodeId, broker] of Object.entries(pool.brokers)) {
    if (broker.isConnected()) continue;
    try {
      return await pool.findBroker({ nodeId });
    } catch {
      // The next one may be reachable.
    }
  }
  return fastest;
}

/** The connected broker, except one, whose oldest request without a response is the youngest. */
function fastestBroker({ brokers }: BrokerPool, except?: MetadataSource): PooledBroker | undefined {
  const connected = Object.values(brokers).filter((broker) => broker !== except && broker.isConnected());
  return connected.sort((one, other) => waitingSince(other) - waitingSince(one))[0];
}

/** When the broker's oldest request without a response was sent, epoch milliseconds; `MAX_VALUE`: there is none. */
function waitingSince({ connectionPool: { pool } }: PooledBroker): number {
  const sent = pool.flatMap(({ requestQueue }) => [...(requestQueue?.inflight.values() ?? [])]);
  return Math.min(Number.MAX_VALUE, ...sent.map(({ sentAt }) => sentAt));
}

/** The metadata, without the error of partitions that have no leader. */
function withoutLeaderErrors(data: MetadataResponse): MetadataResponse {
  const topicMetadata = data.topicMetadata.map((topic) => ({
    ...topic,
    partitionMetadata: topic.partitionMetadata.map((partition) =>
      partition.partitionErrorCode === leaderNotAvailable
        ? { ...partition, partitionErrorCode: 0 }
        : partition,
    ),
  }));
  return { ...data, topicMetadata };
}

/** The codec that kafkajs would use. */
function compressor({ compression }: ProduceFields): ((records: Buffer) => Promise<Buffer>) | undefined {
  if (!compression) return undefined;
  const codec = (CompressionCodecs as Record<number, CompressorFactory>)[compression]?.();
  return codec && ((records) => codec.compress({ buffer: records }));
}

/** The two fields by which kafkajs's Encoder recognises another Encoder. */
const encoded = (buffer: Buffer): { buf: Buffer; buffer: Buffer } => ({ buf: buffer, buffer });

function isPlain({ compression, transactionalId, topicData }: ProduceFields): boolean {
  if (transactionalId || (compression && !(compression in CompressionCodecs))) return false;
  return topicData.every(({ partitions }) =>
    partitions.every(({ messages }) =>
      messages.every(({ key, value, headers, timestamp }) => {
        const parts = [key, value, ...Object.values(headers ?? {}).flat()];
        return typeof timestamp === 'string' && parts.every((part) => part === null || Buffer.isBuffer(part));
      }),
    ),
  );
}
