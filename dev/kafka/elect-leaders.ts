import { type Reader, Writer } from './protocol';
import { portOf, sendRequest } from './request';

const timeoutMs = 5000;

/** Lets each partition of the cluster be led by the first of its replicas (ElectLeaders, which kafkajs lacks). */
export async function electPreferredLeaders(address: string): Promise<void> {
  const everyPartition = -1;
  const body = new Writer().int32(everyPartition).int32(timeoutMs).bytes();
  await sendRequest(portOf(address), { api: 43, version: 0, body }, (answer: Reader) => answer.int32());
}
