// The package's public API: the classifier and the types of messages.
export { Problem, type ProblemParams } from '../util/problem';
export { type Classified, classify, type Explained, explain } from './classify';
export { KINDS, type Kind } from './kinds';
export type { ClassificationRule as Rule } from './rule-match';
export type * from './types';
