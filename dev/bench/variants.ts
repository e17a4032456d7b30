import { randomUUID } from 'node:crypto';
import type { Lane } from './producer-under-test';

/** A way of writing that is measured. */
export interface Variant {
  /** In the report. */
  name: string;
  ours: boolean;
  idempotent: boolean;
  value: Lane['value'];
}

/** The yardstick, and kafka-out as the main job uses it: both idempotent, as kafka-out is unless told otherwise. */
export const yardstick: Variant = {
  name: 'raw kafkajs, idempotent',
  ours: false,
  idempotent: true,
  value: 'buffer',
};
export const usual: Variant = {
  name: 'kafka-out, msg.raw, idempotent',
  ours: true,
  idempotent: true,
  value: 'raw',
};

export const plainYardstick: Variant = { ...yardstick, name: 'raw kafkajs', idempotent: false };
export const plain: Variant = { ...usual, name: 'kafka-out, msg.raw', idempotent: false };
const buffers: Variant = { ...usual, name: 'kafka-out, Buffer, idempotent', value: 'buffer' };

export const variants: Variant[] = [yardstick, plainYardstick, usual, plain, buffers];

const run = randomUUID().slice(0, 8);

/** A variant's lane to a topic of its own with so many partitions. */
export function laneOf({ ours, idempotent, value }: Variant, partitions: number): Lane {
  const id = [ours ? 'kafka-out' : 'raw', value, idempotent ? 'idempotent' : 'plain', partitions].join('-');
  return { id, topic: `bench-${run}-${id}`, partitions, idempotent, value };
}

/** The lane of another package. */
export function otherLane(index: number, partitions: number, value: Lane['value']): Lane {
  const id = `other-${index}-${partitions}`;
  return { id, topic: `bench-${run}-${id}`, partitions, idempotent: false, value };
}
