import { setTimeout as wait } from 'node:timers/promises';

const limitMs = 60_000;

/** What a pair or a case did not do as it should. */
export class Failure extends Error {}

/** @throws Failure if the condition is false */
export function check(isTrue: unknown, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Failure(otherwise);
}

/** Polls until the condition holds. @throws Failure after 60 s */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what: string | (() => string),
): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await isTrue())) {
    const text = typeof what === 'string' ? what : what();
    check(Date.now() < limit, `waited ${limitMs / 1000} s for ${text}`);
    await wait(100);
  }
}

// Lines that any Node-RED, or Node.js itself, may log.
const known = [/Projects disabled/, /Encrypted credentials not found/, /\[DEP0\d+\]/, /--trace-deprecation/];

/** The lines of a log with a warning or an error that is not known. */
export function complaints(log: string, alsoKnown: RegExp[] = []): string[] {
  return log
    .split('\n')
    .filter((line) => /\[(warn|error|fatal)\]|\bWarning:|UnhandledPromise/.test(line))
    .filter((line) => ![...known, ...alsoKnown].some((pattern) => pattern.test(line)));
}
