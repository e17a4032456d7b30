import { Problem } from '../util/problem';

/**
 * A number as a dialog saved it, or as an environment variable left it: a number or its text.
 * @param value blank means `fallback`
 * @param least the smallest number allowed
 * @throws Problem "number-invalid", naming the field
 */
export function savedNumber(field: string, value: unknown, fallback: number, least = 0): number {
  if (value === undefined || value === null || value === '') return fallback;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < least) {
    throw new Problem('number-invalid', { field, least });
  }
  return number;
}
