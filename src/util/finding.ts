import type { Problem } from './problem';

/** One result of a dialog's test, good or bad; `says` is its sentence. */
export interface Finding {
  ok: boolean;
  says: Problem;
}
