import { resolve } from 'node:path';

/**
 * The folder of the state files of all Apps.
 * @param userDir Node-RED's user folder; it may be relative, as `--userDir` is. Without one nothing is kept
 */
export const streamsFolder = (userDir: string | undefined): string | undefined =>
  userDir === undefined ? undefined : resolve(userDir, 'twitter-kafka', 'streams');
