/**
 * The longest time without a byte, s, by version of the API. X sends a keep-alive every 20 s on v2; v1.1 had one every 20 to
 * 30 s, of which three may be missing.
 */
export const stallTimeouts = { v2: 30, v1: 90 } as const;
