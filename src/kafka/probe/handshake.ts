import type net from 'node:net';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { type Address, formatAddress } from '../connection/address';
import { socketProblem } from './connect';

const answerLimitMs = 3000;
const apiVersions = 18;
const saslHandshake = 17;
const noError = 0;
const unsupportedMechanism = 33;
const illegalSaslState = 34;

/**
 * Sends two requests over an open connection, to find out whether Kafka answers and which SASL mechanisms the
 * listener offers.
 * @param mechanism the SASL mechanism to use, such as "PLAIN"; undefined: no login
 * @throws Problem where something else than Kafka answers, or the listener does not accept this login
 */
export async function handshake(
  socket: net.Socket,
  address: Address,
  mechanism: string | undefined,
  isTls: boolean,
): Promise<void> {
  await exchange(socket, address, apiVersions, Buffer.alloc(0), isTls);
  // Without a login, the answer shows whether the listener requires one.
  const answer = await exchange(socket, address, saslHandshake, stringBytes(mechanism ?? 'NONE'), isTls);
  const code = answer.readInt16BE(0);
  const offered = namesIn(answer);
  const place = formatAddress(address);
  if (mechanism === undefined) {
    if (code === unsupportedMechanism) throw new Problem('kafka-probe-wants-sasl', { place, offered });
  } else if (code === illegalSaslState) throw new Problem('kafka-probe-no-sasl', { place });
  else if (code !== noError) throw new Problem('kafka-probe-mechanism', { place, mechanism, offered });
}

/** Sends a request (version 0) and resolves with the body of its answer. */
async function exchange(
  socket: net.Socket,
  address: Address,
  apiKey: number,
  body: Buffer,
  isTls: boolean,
): Promise<Buffer> {
  const place = formatAddress(address);
  const listening = new AbortController();
  const { signal } = listening;
  const answer = new Promise<Buffer>((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const listeners = {
      data: (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        const problem = notKafka(bytes, place, isTls);
        if (problem) reject(problem);
        else if (bytes.length >= 10 && bytes.length >= 4 + bytes.readInt32BE(0)) resolve(bytes.subarray(8));
      },
      error: (error: Error) => reject(socketProblem(error, address)),
      close: () =>
        reject(new Problem(isTls ? 'kafka-probe-closed' : 'kafka-probe-closed-plaintext', { place })),
    };
    for (const [event, listener] of Object.entries(listeners)) {
      socket.on(event, listener);
      signal.addEventListener('abort', () => socket.off(event, listener));
    }
  });
  socket.write(request(apiKey, body));
  try {
    return await within(answer, answerLimitMs, () => {
      throw new Problem('kafka-probe-silent', { place, seconds: answerLimitMs / 1000 });
    });
  } finally {
    listening.abort();
  }
}

/** The problem that the first bytes show, unless they are Kafka's: a length of four bytes, then our correlation id. */
function notKafka(bytes: Buffer, place: string, isTls: boolean): Problem | undefined {
  const start = bytes.toString('latin1', 0, 5);
  if (start.startsWith('HTTP')) return new Problem('kafka-probe-http', { place });
  // A TLS record: an alert or a handshake (RFC 8446, 5.1).
  const isRecord = (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 3;
  if (!isTls && isRecord) return new Problem('kafka-probe-wants-tls', { place });
  if (bytes.length < 8) return undefined;
  const length = bytes.readInt32BE(0);
  const ours = length >= 6 && length < 1_000_000 && bytes.readInt32BE(4) === correlationId;
  return ours ? undefined : new Problem('kafka-probe-not-kafka', { place });
}

const correlationId = 0x7472_7921;

function request(apiKey: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeInt16BE(apiKey, 4);
  head.writeInt16BE(0, 6);
  head.writeInt32BE(correlationId, 8);
  const whole = Buffer.concat([head, stringBytes('node-red'), body]);
  whole.writeInt32BE(whole.length - 4, 0);
  return whole;
}

/** Kafka's STRING: a length of two bytes, then the text. */
function stringBytes(text: string): Buffer {
  const whole = Buffer.alloc(2 + text.length);
  whole.writeInt16BE(text.length);
  whole.write(text, 2, 'latin1');
  return whole;
}

/** The mechanisms in a SaslHandshake response: an error code, then an array of STRING. */
function namesIn(answer: Buffer): string {
  const names: string[] = [];
  let at = 6;
  for (let left = answer.length >= 6 ? answer.readInt32BE(2) : 0; left > 0; left--) {
    if (at + 2 > answer.length) break;
    const end = at + 2 + Math.max(0, answer.readInt16BE(at));
    names.push(answer.toString('latin1', at + 2, end));
    at = end;
  }
  return names.join(', ') || '–';
}
