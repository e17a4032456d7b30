declare module 'kafkajs/src/cluster/brokerPool' {
  export interface MetadataSource {
    metadata(topics: string[]): Promise<object>;
  }
  export interface PooledBroker extends MetadataSource {
    isConnected(): boolean;
    connectionPool: {
      pool: Array<{ requestQueue?: { inflight: Map<number, { sentAt: number }> } }>;
    };
  }
  export default class BrokerPool {
    brokers: Record<string, PooledBroker>;
    /** Connects to it. */
    findBroker(of: { nodeId: string }): Promise<PooledBroker>;
    findConnectedBroker(): Promise<MetadataSource>;
  }
}

declare module 'kafkajs/src/network/requestQueue' {
  export default class RequestQueue {
    pending: unknown[];
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
  }
}

declare module 'kafkajs/src/protocol/requests/produce/v7/request' {
  export default function request(fields: object): { encode(): Promise<{ buf: Buffer; buffer: Buffer }> };
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C' {
  export default function crc32c(bytes: Uint8Array): number;
}

declare module 'kafkajs/src/protocol/requests/metadata/v5/response' {
  export interface MetadataResponse {
    topicMetadata: Array<{ partitionMetadata: Array<{ partitionErrorCode: number }> }>;
  }
  const response: { parse(data: MetadataResponse): Promise<object> };
  export default response;
}

declare module 'kafkajs/src/protocol/requests/metadata/v6/response' {
  const response: {
    parse(data: {
      topicMetadata: Array<{ partitionMetadata: Array<{ partitionErrorCode: number }> }>;
    }): Promise<object>;
  };
  export default response;
}

declare module 'kafkajs/src/protocol/error' {
  /** A KafkaJSProtocolError. */
  export function createErrorFromCode(code: number): Error;
}
