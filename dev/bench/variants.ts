import { randomUUID } from 'node:crypto';
import type { Lane } from './producer-under-test';

/** A producer configuration that is measured. */
export interface Variant {
  /** Name in the report. */
  name: string;
  ours: boolean;
  idempotent: boolean;
  value: Lane['value'];
}

/** The baseline, and kafka-out as in the main use case; both idempotent, kafka-out's default. */
export const baseline: Variant = {
  name: 'raw kafkajs, idempotent',
  ours: false,
  idempotent: true,
  value: 'buffer',
};
export const kafkaOutIdempotent: Variant = {
  name: 'kafka-out, msg.raw, idempotent',
  ours: true,
  idempotent: true,
  value: 'raw',
};

export const baselineNonIdempotent: Variant = { ...baseline, name: 'raw kafkajs', idempotent: false };
export const kafkaOutNonIdempotent: Variant = {
  ...kafkaOutIdempotent,
  name: 'kafka-out, msg.raw',
  idempotent: false,
};
const buffers: Variant = { ...kafkaOutIdempotent, name: 'kafka-out, Buffer, idempotent', value: 'buffer' };

export const variants: Variant[] = [
  baseline,
  baselineNonIdempotent,
  kafkaOutIdempotent,
  kafkaOutNonIdempotent,
  buffers,
];

const run = randomUUID().slice(0, 8);

/** The lane of a variant: a topic of its own with that number of partitions. */
export function laneOf({ ours, idempotent, value }: Variant, partitions: number): Lane {
  const id = [ours ? 'kafka-out' : 'raw', value, idempotent ? 'idempotent' : 'plain', partitions].join('-');
  return { id, topic: `bench-${run}-${id}`, partitions, idempotent, value };
}

/** The lane of another package. */
export function otherLane(index: number, partitions: number, value: Lane['value']): Lane {
  const id = `other-${index}-${partitions}`;
  return { id, topic: `bench-${run}-${id}`, partitions, idempotent: false, value };
}
