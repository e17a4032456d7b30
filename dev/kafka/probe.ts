import { connect } from 'node:net';

export interface Metadata {
  clusterId: string;
  brokers: { id: number; host: string; port: number }[];
}

const patience = 2_000;

/**
 * One Metadata request (version 4, no topics) to a PLAINTEXT listener of 127.0.0.1, without a client library:
 * a broker that answers it and lists itself serves. Rejects if nobody answers in time or it is no Kafka.
 */
export function askMetadata(port: number): Promise<Metadata> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request()));
    let bytes: Buffer = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(patience, () => fail(new Error('no answer')));
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('connection closed')));
    socket.on('data', (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      if (bytes.length < 4 || bytes.length < 4 + bytes.readInt32BE(0)) return;
      try {
        resolve(answerIn(bytes));
        socket.destroy();
      } catch {
        fail(new Error('the answer is not Kafka’s'));
      }
    });
  });
}

function request(): Buffer {
  const client = Buffer.from('probe');
  const frame = Buffer.alloc(4 + 10 + client.length + 5);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt16BE(3, 4); // API key: Metadata
  frame.writeInt16BE(4, 6); // API version
  frame.writeInt32BE(1, 8); // correlation id
  frame.writeInt16BE(client.length, 12);
  client.copy(frame, 14);
  return frame; // the five zeros left: an empty list of topics, none to be created
}

function answerIn(bytes: Buffer): Metadata {
  let at = 4 + 4 + 4; // size, correlation id, throttle time
  const int32 = () => {
    at += 4;
    return bytes.readInt32BE(at - 4);
  };
  const string = () => {
    const length = Math.max(bytes.readInt16BE(at), 0);
    at += 2 + length;
    return bytes.toString('utf8', at - length, at);
  };
  const brokers = Array.from({ length: int32() }, () => {
    const broker = { id: int32(), host: string(), port: int32() };
    string(); // rack
    return broker;
  });
  return { brokers, clusterId: string() };
}
