import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../dev/paths';

/** The folder of recorded messages; it may be missing. */
export const recordingsFolder = join(root, '../shared/recordings');
export const haveRecordings = existsSync(recordingsFolder);

/** The names of the recorded files; empty if the folder is missing. */
export const recordingFiles: readonly string[] = haveRecordings
  ? readdirSync(recordingsFolder).filter((file) => file.endsWith('.jsonl'))
  : [];

/** The lines of a recorded file: one message per line. */
export function recordedLines(file: string): string[] {
  return readFileSync(join(recordingsFolder, file), 'utf8').split('\n').filter(Boolean);
}
