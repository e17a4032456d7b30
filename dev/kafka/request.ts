import { connect } from 'node:net';
import { Reader, Writer } from './protocol';

export interface Request {
  /** The API's number, e.g. 3 for Metadata. */
  api: number;
  version: number;
  /** Whether that version is one of the protocol's "flexible" ones, which have tags in their headers. */
  flexible?: boolean;
  body: Buffer;
}

const limitMs = 2_000;
const correlation = 1;

/**
 * Sends one request to a PLAINTEXT listener of 127.0.0.1, without a client library, and resolves to what `read`
 * makes of the answer's body. Rejects if nobody answers in time or it is no Kafka.
 */
export function sendRequest<T>(port: number, request: Request, read: (body: Reader) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(frameOf(request)));
    let bytes: Buffer = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(limitMs, () => fail(new Error('no answer')));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('connection closed')));
    socket.on('data', (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      if (bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE(0)) return;
      try {
        resolve(read(bodyOf(bytes.subarray(4), request)));
        socket.destroy();
      } catch {
        fail(new Error('the answer is not Kafka’s'));
      }
    });
  });
}

/** The port of "127.0.0.1:9092" or of the first address in a list; throws a sentence if there is none. */
export function portOf(addresses: string): number {
  const port = /^127\.0\.0\.1:(\d+)(,|$)/.exec(addresses)?.[1];
  if (port === undefined) throw new Error(`An address like "127.0.0.1:9092" is needed, not "${addresses}".`);
  return Number(port);
}

function frameOf({ api, version, flexible, body }: Request): Buffer {
  const frame = new Writer().int16(api).int16(version).int32(correlation).string('probe');
  if (flexible) frame.noTags();
  const bytes = frame.raw(body).bytes();
  return new Writer().int32(bytes.length).raw(bytes).bytes();
}

function bodyOf(frame: Buffer, { flexible }: Request): Reader {
  const reader = new Reader(frame);
  if (reader.int32() !== correlation) throw new Error('the answer to something else');
  if (flexible) reader.tags();
  return reader;
}
