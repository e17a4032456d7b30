import type { Problem, ProblemData } from './problem';

/** One result of a dialog's test, good or bad; `says` is its sentence. */
export interface Finding {
  ok: boolean;
  /** The test does not fail, but its user should know. */
  hint?: true;
  says: Problem;
}

/**
 * A finding as the server sends it to the dialog: key and values for the sentence in the language of the dialog's user, and
 * `text`, the sentence in the server's language.
 */
export interface ReportedFinding extends Omit<Finding, 'says'>, ProblemData {
  text: string;
}
