import { type Reader, Writer } from './protocol';
import { portOf, sendRequest } from './request';

const timeoutMs = 5000;

/** Moves the leader of every partition to its preferred replica (ElectLeaders, which kafkajs lacks). */
export async function electPreferredLeaders(address: string): Promise<void> {
  const everyPartition = -1;
  const body = new Writer().int32(everyPartition).int32(timeoutMs).bytes();
  await sendRequest(portOf(address), { api: 43, version: 0, body }, (response: Reader) => response.int32());
}
