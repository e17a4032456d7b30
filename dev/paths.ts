import { join } from 'node:path';

/** The project's folder. */
export const root = join(__dirname, '..');
/** What the demo writes lies here, and nowhere else. */
export const home = join(root, '.demo');
