// What the package gives to other people's code: the messages' types, and the classifier itself.
export { Problem, type ProblemParams } from '../util/problem';
export { type Classified, classify, type Explained, explain } from './classify';
export { KINDS, type Kind, type Rule } from './kinds';
export type * from './types';
