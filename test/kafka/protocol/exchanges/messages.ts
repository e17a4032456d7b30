import { createHash } from 'node:crypto';
import type { Exchange, Fields } from './exchange';

/** A request or response in one version, to be encoded by Kafka's classes. */
export interface Message {
  key: number;
  name: string;
  version: number;
  kind: 'Request' | 'Response';
  title: string;
  fields: Fields;
  /** Each structure has a tagged field that no version has yet. */
  unknownTags: boolean;
}

/** What kafka-bytes.json has; written by dev/kafka/protocol-bytes/write.ts. */
export interface KafkaBytes {
  kafka: string;
  /** Of the messages' fields. */
  digest: string;
  /** Hexadecimal digits by label. */
  messages: Record<string, string>;
}

export const versionsOf = ({ request }: Exchange): number[] => {
  const [oldest, newest] = request.versions;
  return Array.from({ length: newest - oldest + 1 }, (_, at) => oldest + at);
};

export const isFlexible = ({ request }: Exchange, version: number): boolean =>
  version >= (request.flexibleFrom ?? Number.POSITIVE_INFINITY);

export const requestOf = ({ title, request, fields }: Exchange, version: number): Message => ({
  ...{ key: request.key, name: request.name, version, kind: 'Request', title, unknownTags: false },
  fields: ofVersion(fields, version),
});

const ofVersion = <Value>(value: Value | ((version: number) => Value), version: number): Value =>
  value instanceof Function ? value(version) : value;

/** Each response; a flexible one also with unknown tagged fields. */
export const responsesOf = (
  exchange: Exchange,
  version: number,
): Array<{ message: Message; decoded: unknown }> =>
  exchange.answers.flatMap(({ title, fields, decoded }) =>
    (isFlexible(exchange, version) ? [false, true] : [false]).map((unknownTags) => ({
      message: {
        ...requestOf(exchange, version),
        ...{ kind: 'Response', title, unknownTags, fields: ofVersion(fields, version) },
      },
      decoded: ofVersion(decoded, version),
    })),
  );

export const messagesOf = (exchanges: Exchange[]): Message[] =>
  exchanges.flatMap((exchange) =>
    versionsOf(exchange).flatMap((version) => [
      requestOf(exchange, version),
      ...responsesOf(exchange, version).map(({ message }) => message),
    ]),
  );

export const labelOf = ({ key, name, version, kind, title, unknownTags }: Omit<Message, 'fields'>): string =>
  `${key} ${name} v${version} ${kind.toLowerCase()}: ${title}${unknownTags ? ', with unknown tags' : ''}`;

/** As JSON, with bigints as numbers and bytes in base64. */
export const jsonOf = (messages: Message[]): string =>
  JSON.stringify(messages, function (this: Record<string, unknown>, name, value) {
    // A Buffer's own toJSON runs first.
    const original = this[name];
    if (Buffer.isBuffer(original)) return original.toString('base64');
    return typeof value === 'bigint' ? `${value}n` : value;
  }).replace(/"(-?\d+)n"/g, '$1');

export const digestOf = (messages: Message[]): string =>
  createHash('sha256').update(jsonOf(messages)).digest('hex');
