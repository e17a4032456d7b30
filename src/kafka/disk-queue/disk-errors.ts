import { Problem } from '../../util/problem';

/** Too few bytes of the file system would stay free. */
export class DiskFullError extends Error {}

const megabyte = 1_000_000;

/** Why a record does not fit. */
export function fullProblemOf(log: { fileBytes: number; limit: number; freeBytes?: number }): Problem {
  const { fileBytes, limit, freeBytes } = log;
  const inMegabytes = (bytes: number): string => (bytes / megabyte).toFixed(1);
  return new Problem('disk-full', {
    used: inMegabytes(fileBytes),
    limit: inMegabytes(limit),
    free: freeBytes === undefined ? '?' : inMegabytes(freeBytes),
  });
}

/** What went wrong, as Node.js says it. */
export const causeOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Whether it makes no sense to try again. A disk that is full may have room later. */
export const isFinal = (error: unknown): boolean =>
  error instanceof Problem ||
  ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(String((error as NodeJS.ErrnoException).code));
