import { connect } from 'node:net';
import { Reader, Writer } from './protocol';

export interface Request {
  /** The API key, e.g. 3 for Metadata. */
  api: number;
  version: number;
  /** A flexible version (KIP-482), with tagged fields in the header. */
  flexible?: boolean;
  body: Buffer;
}

const limitMs = 2_000;
const correlationId = 1;

/**
 * Sends one request to a PLAINTEXT listener of 127.0.0.1, without a client library.
 * @param read decodes the response body; its result is returned
 * @throws if there is no response within 2 s or it is not Kafka's protocol
 */
export function sendRequest<T>(port: number, request: Request, read: (body: Reader) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(frameOf(request)));
    let bytes: Buffer = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(limitMs, () => fail(new Error('no response')));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('connection closed')));
    socket.on('data', (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      if (bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE(0)) return;
      try {
        resolve(read(bodyOf(bytes.subarray(4), request)));
        socket.destroy();
      } catch {
        fail(new Error('the response is not a Kafka response'));
      }
    });
  });
}

/** The port of the first address in a list such as "127.0.0.1:9092,127.0.0.1:9093". */
export function portOf(addresses: string): number {
  const port = /^127\.0\.0\.1:(\d+)(,|$)/.exec(addresses)?.[1];
  if (port === undefined) throw new Error(`"${addresses}" is not an address like "127.0.0.1:9092".`);
  return Number(port);
}

function frameOf({ api, version, flexible, body }: Request): Buffer {
  const frame = new Writer().int16(api).int16(version).int32(correlationId).string('dev-tools');
  if (flexible) frame.noTags();
  const bytes = frame.raw(body).bytes();
  return new Writer().int32(bytes.length).raw(bytes).bytes();
}

function bodyOf(frame: Buffer, { flexible }: Request): Reader {
  const reader = new Reader(frame);
  if (reader.int32() !== correlationId) throw new Error('wrong correlation id');
  if (flexible) reader.tags();
  return reader;
}
