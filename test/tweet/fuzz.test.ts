import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import fc from 'fast-check';
import { classify } from '../../src/tweet/classify';
import { isJsonObject } from '../../src/tweet/json-object';
import { KINDS } from '../../src/tweet/kinds';
import { Problem } from '../../src/util/problem';
import { unknownValue } from './arbitraries';
import { recordedLines, recordingFiles } from './recordings';
import { allSamples } from './samples';

const runs = Number(process.env.FUZZ_MESSAGES ?? 10_000);
const parsed = allSamples.map((sample) => JSON.parse(sample.text));
// The samples of every kind and era, and the recorded messages if available.
const samples = allSamples.map((sample) => sample.text);
const recorded = recordingFiles.flatMap(recordedLines);
const seed = fc.oneof(
  ...[samples, recorded].filter((texts) => texts.length > 0).map((texts) => fc.constantFrom(...texts)),
);
const kinds: ReadonlySet<string> = new Set(KINDS);
const names = [...new Set(parsed.flatMap((message) => [...namesIn(message), '__proto__']))];

/** One change at a random depth: a member is removed, replaced, renamed or added, or the order reversed. */
const change = fc.record({
  path: fc.array(fc.nat(20), { maxLength: 4 }),
  what: fc.constantFrom('remove', 'replace', 'rename', 'add', 'swap') as fc.Arbitrary<'remove'>,
  name: fc.constantFrom(...names),
  value: fc.oneof(
    unknownValue,
    fc.constantFrom<unknown>(null, undefined, 0, '', [], {}, Number.NaN, 2 ** 60, -1, true, ...parsed),
  ),
});

after(() => assert.deepEqual(Object.keys(Object.prototype), [], 'Object.prototype is unchanged'));

it(`classify: ${runs} mutated messages -> a result or a Problem`, () => {
  fc.assert(
    fc.property(seed, fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
      let message = JSON.parse(text);
      for (const one of changes) message = changed(message, one.path, one);
      check(message, text);
      check(JSON.stringify(message), text);
    }),
    { numRuns: runs },
  );
});

it(`classify: ${runs / 10} cut and patched texts -> a result or a Problem`, () => {
  const patch = fc.constantFrom(
    '',
    '{',
    '}',
    '"',
    '\\',
    ',',
    'null',
    '[]',
    '"delete":{},',
    '\ufeff',
    '\0',
    '\ud800',
  );
  fc.assert(
    fc.property(seed, fc.nat(), fc.nat(20), patch, (text, at, cut, patch) => {
      const start = at % (text.length + 1);
      const patched = text.slice(0, start) + patch + text.slice(start + cut);
      check(patched, text);
      check(Buffer.from(patched), text);
    }),
    { numRuns: runs / 10 },
  );
});

function check(input: unknown, raw: string): void {
  try {
    const result = classify(input, raw);
    assert.ok(kinds.has(result.kind), result.kind);
    if (result.key !== undefined) assert.match(result.key, /^[1-9]\d{0,19}$/);
    if (result.timestamp !== undefined)
      assert.ok(result.timestamp > Date.UTC(2006, 2) && Number.isInteger(result.timestamp));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    assert.ok(error.message.startsWith('Not an X stream message') && error.message.length < 1000);
  }
}

function changed(
  value: unknown,
  path: number[],
  one: { what: string; name: string; value: unknown },
): unknown {
  const [step, ...rest] = path;
  if (!isJsonObject(value)) return step === undefined ? one.value : value;
  const entries = Object.entries(value);
  const at = entries.length > 0 ? (step ?? 0) % entries.length : 0;
  const entry = entries[at];
  if (rest.length > 0 && entry) {
    entries[at] = [entry[0], changed(entry[1], rest, one)];
    return Object.fromEntries(entries);
  }
  if (one.what === 'remove') entries.splice(at, 1);
  else if (one.what === 'replace' && entry) entries[at] = [entry[0], one.value];
  else if (one.what === 'rename' && entry) entries[at] = [one.name, entry[1]];
  else if (one.what === 'swap') entries.reverse();
  else entries.splice(at, 0, [one.name, one.value]);
  return Object.fromEntries(entries);
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)])
    : [];
}
