import { Problem } from '../../util/problem';
import type { AnswerError, ApiRequest } from '../protocol/api-request';
import { WireReader, WireWriter } from '../protocol/wire';
import { protocolError } from './kafkajs-patches';

/** The part of kafkajs's cluster that is used here. */
export interface KafkaCluster {
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  getNodeIds(): string[];
  /** Connects to it. */
  findBroker(of: { nodeId: string }): Promise<ConnectedBroker>;
  brokerPool: { findConnectedBroker(): Promise<unknown>; brokers: Record<string, ConnectedBroker> };
}

interface ConnectedBroker {
  isConnected(): boolean;
  versions: Record<number, { minVersion: number; maxVersion: number } | undefined>;
  connectionPool: { send(request: object): Promise<{ answer: unknown }> };
}

/**
 * Sends requests that kafkajs's admin client lacks, or gets wrong, over its connections: TLS, login and its renewal, frames
 * and the health of brokers stay the same.
 */
export class BrokerRequests {
  constructor(private readonly cluster: KafkaCluster) {}

  /** Ids of the brokers that are known, sorted. */
  async brokers(): Promise<number[]> {
    await this.cluster.refreshMetadataIfNecessary();
    return this.cluster
      .getNodeIds()
      .map(Number)
      .sort((one, other) => one - other);
  }

  /**
   * Sends a request in the newest version that both sides have.
   * @param broker its id; absent: any that is connected
   * @returns the answer, with its errors: see `failOn`
   * @throws Problem "broker-too-old"; what kafkajs throws where the broker cannot be reached
   */
  async send<Answer>(request: ApiRequest<Answer>, broker?: number): Promise<Answer> {
    const target = await this.find(broker);
    const version = versionFor(request, target.versions[request.key]);
    const flexible = version >= (request.flexibleFrom ?? Number.POSITIVE_INFINITY);
    const { answer } = await target.connectionPool.send({
      request: {
        ...{ apiKey: request.key, apiVersion: version, apiName: request.name },
        encode: async () => encoded(request, version, flexible),
      },
      response: {
        // kafkajs requires an object.
        decode: async (bytes: Buffer) => ({ answer: decoded(request, version, flexible, bytes) }),
        parse: async (data: object) => data,
      },
    });
    return answer as Answer;
  }

  private async find(broker: number | undefined): Promise<ConnectedBroker> {
    await this.cluster.refreshMetadataIfNecessary();
    if (broker !== undefined) return this.cluster.findBroker({ nodeId: String(broker) });
    const connected = Object.entries(this.cluster.brokerPool.brokers).find(([, one]) => one.isConnected());
    const nodeId = connected?.[0] ?? this.cluster.getNodeIds()[0] ?? '';
    return this.cluster.findBroker({ nodeId });
  }
}

/** No version of a request is known to both sides. */
export class BrokerTooOld extends Problem {}

/** @throws an error of Kafka's type, as kafkajs throws it, where the answer has one */
export function failOn({ errorCode, errorMessage }: AnswerError): void {
  if (errorCode !== 0) throw answerError(errorCode, errorMessage);
}

/** An error that a broker answered. @param message the broker's own sentence */
export function answerError(code: number, message?: string | null): Error {
  const error = protocolError(code);
  return message ? Object.assign(error, { brokerMessage: message }) : error;
}

function versionFor(
  { name, versions: [oldest, newest], since }: ApiRequest<unknown>,
  offered: { minVersion: number; maxVersion: number } | undefined,
): number {
  const version = Math.min(newest, offered?.maxVersion ?? -1);
  if (version < oldest) throw new BrokerTooOld('broker-too-old', { request: name, since });
  return version;
}

/** As kafkajs's Encoder. A flexible version has tagged fields at the end of its header, which kafkajs does not write. */
function encoded<Answer>(
  request: ApiRequest<Answer>,
  version: number,
  flexible: boolean,
): { buf: Buffer; buffer: Buffer } {
  const body = new WireWriter(flexible).end();
  request.encode(body, version);
  const buffer = body.bytes();
  return { buf: buffer, buffer };
}

const apiVersionsKey = 18;

function decoded<Answer>(
  request: ApiRequest<Answer>,
  version: number,
  flexible: boolean,
  bytes: Buffer,
): Answer {
  const body = new WireReader(bytes, flexible);
  // The answer to ApiVersions has the old header, for brokers of any version.
  if (request.key !== apiVersionsKey) body.end();
  return request.decode(body, version);
}
