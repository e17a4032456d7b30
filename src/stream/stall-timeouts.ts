/**
 * The longest time without a byte, s, by version of the API: by default, and the shortest that is longer than the time between
 * two keep-alives. X sends one at least every 20 s on v2; v1.1 had one every 20 to 30 s, of which three may be missing.
 */
export const stallTimeouts = {
  v2: { default: 30, shortest: 21 },
  v1: { default: 90, shortest: 31 },
} as const;
