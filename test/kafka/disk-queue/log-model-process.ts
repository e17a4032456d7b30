import fc from 'fast-check';
import { check } from './log-actions';
import { type Kind, kinds } from './log-sequences';

// A process without node:test, whose hooks make promises slow. It prints the first counterexample.
const [kind = 'small records', numRuns] = process.argv.slice(2);

fc.assert(fc.asyncProperty(kinds[kind as Kind], check), {
  numRuns: Number(numRuns),
  includeErrorInReport: true,
}).then(
  () => console.log('Holds.'),
  (error: Error) => console.log(error.message),
);
