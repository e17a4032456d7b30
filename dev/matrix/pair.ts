import type { Environment } from './environment';
import { tryExamples } from './examples';
import type { InstalledPair } from './pairs';
import { UserFolder } from './user-folder';

/** Installs the package, runs its examples, and uninstalls it. @returns the number of records read back */
export async function tryPair(environment: Environment, pair: InstalledPair): Promise<number> {
  const user = new UserFolder(environment, pair);
  await user.install();
  await user.start();
  try {
    await user.checkTypes();
    const count = await tryExamples(environment, user);
    await user.deploy([]);
    await user.uninstall();
    return count;
  } finally {
    await user.stop();
  }
}
