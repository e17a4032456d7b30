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
