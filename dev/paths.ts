import { join } from 'node:path';

/** The project's directory. */
export const root = join(__dirname, '..');
/** Everything that the demo writes. */
export const demoDir = join(root, '.demo');
