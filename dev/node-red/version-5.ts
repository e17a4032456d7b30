export { nodeRed5 } from '../runtimes/runtimes';
