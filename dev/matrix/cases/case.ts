import { nodeRedVersions, nodeVersions } from '../../runtimes/versions';
import type { Environment } from '../environment';
import { installPair } from '../pairs';
import { UserFolder } from '../user-folder';

/** Something that is tried once, on one pair. */
export interface Case {
  name: string;
  title: string;
  /** @returns what it showed */
  run(environment: Environment): Promise<string>;
}

/** A user folder for the newest Node-RED on the newest Node.js. */
export function newestUser(environment: Environment): UserFolder {
  return new UserFolder(
    environment,
    installPair({ nodeRed: nodeRedVersions.newest5, node: nodeVersions.newest24 }),
  );
}

/** Stops the Node-RED of a user folder at the end. */
export async function stopping<T>(user: UserFolder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await user.stop();
  }
}
