import type { WireReader, WireWriter } from './wire';

/** A request of Kafka's protocol (https://kafka.apache.org/protocol#protocol_api_keys), and how its answer is read. */
export interface ApiRequest<Answer> {
  /** API key. */
  key: number;
  name: string;
  /** The oldest and the newest version that can be encoded and decoded here. */
  versions: readonly [oldest: number, newest: number];
  /** The first flexible version; absent: none of these is. */
  flexibleFrom?: number;
  /** The Kafka that first has the oldest of these versions, e.g. "3.8". */
  since: string;
  encode(body: WireWriter, version: number): void;
  decode(body: WireReader, version: number): Answer;
}

/** An error in an answer. */
export interface AnswerError {
  /** Kafka's number of it; 0: none. */
  errorCode: number;
  /** Kafka's sentence, where the version has one. */
  errorMessage?: string | null;
}
