// The one place that reaches into kafkajs (pinned exactly for that reason).
import RequestQueue from 'kafkajs/src/network/requestQueue';
import theirProduce from 'kafkajs/src/protocol/requests/produce/v7/request';
import { encodeProduce, type ProduceFields } from '../protocol/produce-request';

const checkMs = 10;
let patched = false;
const produceModule = require.resolve('kafkajs/src/protocol/requests/produce/v7/request');

/**
 * Mends the timer of kafkajs 2.2.4's request queue: after its first answer every connection re-armed a
 * timer of a negative delay for ever, which cost about 4 % of a core when idle and a TimeoutNegativeWarning
 * on Node 24 (tulios/kafkajs#1751). With nothing pending there is nothing to check; what is pushed later
 * schedules its own check.
 */
export function patchRequestQueue(): void {
  if (patched) return;
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
 * Puts our encoding of Produce requests (version 7: Kafka 2.1 and later) in the place of kafkajs's, for a third of
 * its time; kafkajs asks for the module anew for each request. What ours cannot do (compression, transactions,
 * texts that are not bytes yet) is still kafkajs's.
 */
export function patchProduceRequest(): void {
  const module = require.cache[produceModule];
  if (!module || module.exports !== theirProduce) return;
  module.exports = (fields: ProduceFields) => {
    const request = theirProduce(fields);
    return isPlain(fields) ? { ...request, encode: async () => encoded(encodeProduce(fields)) } : request;
  };
}

/** What kafkajs's Encoder takes for another Encoder. */
const encoded = (buffer: Buffer): { buf: Buffer; buffer: Buffer } => ({ buf: buffer, buffer });

function isPlain({ compression, transactionalId, topicData }: ProduceFields): boolean {
  if (compression || transactionalId) return false;
  return topicData.every(({ partitions }) =>
    partitions.every(({ messages }) =>
      messages.every(({ key, value, headers, timestamp }) => {
        const parts = [key, value, ...Object.values(headers ?? {}).flat()];
        return typeof timestamp === 'string' && parts.every((part) => part === null || Buffer.isBuffer(part));
      }),
    ),
  );
}
