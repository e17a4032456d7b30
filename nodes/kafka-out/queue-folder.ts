import { join, resolve } from 'node:path';

const folderName = 'twitter-kafka';

/**
 * The folder of all disk queues.
 * @param userDir Node-RED's user folder; it may be relative, as `--userDir` is
 */
export const queuesFolder = (userDir: string): string => resolve(userDir, folderName);

/** The folder of one node's disk queue. An id may be any text: what a file name cannot hold is encoded. */
export function queueFolder(userDir: string, id: string): string {
  const safe = id.replace(/[^\w.-]/gu, encoded);
  return join(queuesFolder(userDir), /^\.+$/.test(safe) ? safe.replaceAll('.', encoded) : safe);
}

/** The id of the node whose queue has a folder of this name. */
export const nodeOfFolder = (name: string): string =>
  Buffer.from(
    name.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

const encoded = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
