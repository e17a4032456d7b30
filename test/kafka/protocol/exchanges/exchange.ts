import type { ApiRequest } from '../../../../src/kafka/protocol/api-request';

/**
 * Fields of a message, by the names in Kafka's message definitions. A bigint is an integer, a Buffer bytes.
 * https://github.com/apache/kafka/tree/trunk/clients/src/main/resources/common/message
 */
export type Fields = Record<string, unknown>;

/** A response, and what our decoder makes of it. */
export interface KnownAnswer<Answer> {
  title: string;
  fields: Fields | ((version: number) => Fields);
  decoded: Answer | ((version: number) => Answer);
}

/** A request of ours, the same in Kafka's fields, and responses to it. */
export interface Exchange<Answer = unknown> {
  title: string;
  request: ApiRequest<Answer>;
  fields: Fields | ((version: number) => Fields);
  answers: KnownAnswer<Answer>[];
}

export const exchange = <Answer>(
  title: string,
  request: ApiRequest<Answer>,
  fields: Exchange['fields'],
  answers: KnownAnswer<Answer>[] = [],
): Exchange => ({ title, request, fields, answers }) as Exchange;

/** A topic whose name has 3 bytes per letter. */
export const korean = '한국_뉴스';
/** The largest offset, and one above Number.MAX_SAFE_INTEGER that a number would round. */
export const offsets = { max: 2n ** 63n - 1n, unsafe: 2n ** 53n + 1n } as const;
