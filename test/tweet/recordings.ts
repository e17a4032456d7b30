import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../dev/places';

/** Where the recorded messages are; the folder may be absent. */
export const recordingsFolder = join(root, '../shared/recordings');
export const haveRecordings = existsSync(recordingsFolder);

/** The names of the recorded files, none where the folder is absent. */
export const recordingFiles: readonly string[] = haveRecordings
  ? readdirSync(recordingsFolder).filter((file) => file.endsWith('.jsonl'))
  : [];

/** The lines of a recorded file, each the text of a message. */
export function recordedLines(file: string): string[] {
  return readFileSync(join(recordingsFolder, file), 'utf8').split('\n').filter(Boolean);
}
