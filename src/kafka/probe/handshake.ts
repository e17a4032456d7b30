import type net from 'node:net';
import { Problem } from '../../util/problem';
import { type Address, socketProblem } from './connect';

const answerLimitMs = 3000;
const apiVersions = 18;
const saslHandshake = 17;
const noError = 0;
const unsupportedMechanism = 33;
const illegalSaslState = 34;

/**
 * Asks two short questions of Kafka's protocol over an open connection: is this Kafka, and which logins does
 * this port take?
 * @param mechanism the one that shall be used, such as "PLAIN"; undefined: no login
 * @throws Problem that says what is there instead of a Kafka that takes this login
 */
export async function handshake(
  socket: net.Socket,
  place: Address,
  mechanism: string | undefined,
  isTls: boolean,
): Promise<void> {
  await ask(socket, place, apiVersions, Buffer.alloc(0), isTls);
  // Without a login of our own the answer tells whether the port wants one.
  const answer = await ask(socket, place, saslHandshake, textOf(mechanism ?? 'NONE'), isTls);
  const code = answer.readInt16BE(0);
  const offered = namesIn(answer);
  const where = `${place.host}:${place.port}`;
  if (mechanism === undefined) {
    if (code === unsupportedMechanism) throw new Problem('kafka-probe-wants-sasl', { place: where, offered });
  } else if (code === illegalSaslState) throw new Problem('kafka-probe-no-sasl', { place: where });
  else if (code !== noError) throw new Problem('kafka-probe-mechanism', { place: where, mechanism, offered });
}

/** One request (version 0) and the body of its answer. */
function ask(
  socket: net.Socket,
  { host, port }: Address,
  key: number,
  body: Buffer,
  isTls: boolean,
): Promise<Buffer> {
  const place = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      finish();
    };
    const fail = (error: Error): void => end(() => reject(error));
    const listeners = {
      data: (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        const stranger = notKafka(bytes, place, isTls);
        if (stranger) fail(stranger);
        else if (bytes.length >= 10 && bytes.length >= 4 + bytes.readInt32BE(0)) {
          end(() => resolve(bytes.subarray(8)));
        }
      },
      error: (error: Error) => fail(socketProblem(error, { host, port })),
      close: () =>
        fail(new Problem(isTls ? 'kafka-probe-closed' : 'kafka-probe-closed-plaintext', { place })),
    };
    const timer = setTimeout(
      () => fail(new Problem('kafka-probe-silent', { place, seconds: answerLimitMs / 1000 })),
      answerLimitMs,
    );
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    socket.write(request(key, body));
  });
}

/** What the first bytes give away if they are not Kafka's: four bytes of length, then our correlation id. */
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

function request(key: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeInt16BE(key, 4);
  head.writeInt16BE(0, 6);
  head.writeInt32BE(correlationId, 8);
  const whole = Buffer.concat([head, textOf('node-red'), body]);
  whole.writeInt32BE(whole.length - 4, 0);
  return whole;
}

/** Kafka's STRING: two bytes of length, then so many bytes. */
function textOf(text: string): Buffer {
  const whole = Buffer.alloc(2 + text.length);
  whole.writeInt16BE(text.length);
  whole.write(text, 2, 'latin1');
  return whole;
}

/** The mechanisms in a SaslHandshake answer: an error code, then an array of STRING. */
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
