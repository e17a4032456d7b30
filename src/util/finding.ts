import type { Problem } from './problem';

/** One result of a dialog's test, good or bad; `says` is its sentence. */
export interface Finding {
  ok: boolean;
  /** The test does not fail, but its user should know. */
  hint?: true;
  says: Problem;
}
