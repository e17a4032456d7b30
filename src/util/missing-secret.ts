import { Problem } from './problem';

/** A credential that the user has to enter. */
export class MissingSecret extends Problem {}
