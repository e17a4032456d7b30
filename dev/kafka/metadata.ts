import { type Reader, Writer } from './protocol';
import { sendRequest } from './request';

export interface Metadata {
  clusterId: string;
  brokers: { id: number; host: string; port: number }[];
  topics: TopicMetadata[];
}

export interface TopicMetadata {
  name: string;
  partitions: { id: number; error: number; leader: number; replicas: number[]; inSync: number[] }[];
}

/**
 * Sends one Metadata request (version 4) to a PLAINTEXT listener of 127.0.0.1, by default without topics. A broker that
 * responds and lists itself is ready.
 */
export function fetchMetadata(port: number, topics: 'none' | 'all' = 'none'): Promise<Metadata> {
  const list = topics === 'all' ? -1 : 0;
  const body = new Writer().int32(list).boolean(false).bytes(); // false: do not create topics
  return sendRequest(port, { api: 3, version: 4, body }, decodeMetadata);
}

function decodeMetadata(body: Reader): Metadata {
  body.int32(); // throttle time
  const brokers = body.list(() => {
    const broker = { id: body.int32(), host: body.string(), port: body.int32() };
    body.string(); // rack
    return broker;
  });
  const clusterId = body.string();
  body.int32(); // controller
  const topics = body.list(() => {
    body.int16(); // error
    const name = body.string();
    body.int8(); // internal
    return { name, partitions: body.list(() => decodePartition(body)) };
  });
  return { clusterId, brokers, topics };
}

function decodePartition(body: Reader): TopicMetadata['partitions'][number] {
  const ids = () => body.list(() => body.int32());
  return { error: body.int16(), id: body.int32(), leader: body.int32(), replicas: ids(), inSync: ids() };
}
