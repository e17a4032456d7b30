import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeContext } from '../../src/node-red/node-context';
import { nodeOfFolder, queuesFolder } from './queue-folder';

/** The disk queue of a node that was deleted or disabled. */
export interface Orphan {
  /** The node's id. */
  id: string;
  /** Absolute. */
  folder: string;
  segments: number;
  /** Of all files. */
  bytes: number;
}

const megabyte = 1_000_000;

/**
 * Lists the disk queues of nodes that do not run. Call it when all nodes have started.
 * A folder that cannot be read is left out.
 */
export async function findOrphans({ RED }: Pick<NodeContext, 'RED'>): Promise<Orphan[]> {
  const { userDir } = RED.settings;
  if (!userDir) return [];
  const base = queuesFolder(userDir);
  const names = await namesIn(base);
  const found = await Promise.all(
    names
      .map((name) => ({ id: nodeOfFolder(name), folder: join(base, name) }))
      .filter(({ id }) => !RED.nodes.getNode(id))
      .map(async (place) => ({ ...place, ...(await sizeOf(place.folder)) })),
  );
  return found.filter(({ segments }) => segments > 0).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The line of the log for an orphan, in the server's language. */
export const orphanLine = (context: Pick<NodeContext, 'words'>, { id, segments, bytes }: Orphan): string =>
  context.words('log.orphan', { id, segments, megabytes: (bytes / megabyte).toFixed(1) });

/** The line of the log for the disk queue of a node that was just deleted or disabled. */
export const leftLine = (context: Pick<NodeContext, 'words'>, count: number, folder: string): string =>
  context.words('log.left', { count, folder });

async function sizeOf(folder: string): Promise<{ segments: number; bytes: number }> {
  const names = await namesIn(folder);
  // A file may be deleted meanwhile.
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return {
    segments: names.filter((name) => name.endsWith('.segment')).length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** The names in a folder; none where it cannot be read. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
