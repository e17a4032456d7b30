// A reporter for node --test that lists the failed tests at the end, because the other output of a run is thousands of
// lines. Node.js applies --test-timeout to a whole file and names only the file: this reporter adds the test that was
// running.
import { relative, resolve } from 'node:path';

export default async function* failedTests(events) {
  /** For each file, the running test below the suites that contain it. */
  const running = new Map();
  const failed = [];
  for await (const { type, data } of events) {
    if (data.file === undefined || data.name === undefined) continue;
    const file = relative(process.cwd(), data.file);
    if (resolve(data.name) === data.file) {
      if (type === 'test:fail' && data.details.error?.failureType === 'testTimeoutFailure') {
        failed.push(timedOut(file, running.get(file) ?? []));
      }
      continue;
    }
    if (type === 'test:dequeue' || type === 'test:complete') {
      const names = (running.get(file) ?? []).slice(0, data.nesting);
      running.set(file, type === 'test:dequeue' ? [...names, data.name] : names);
    }
    if (type === 'test:fail' && isCause(data.details.error)) failed.push(failure(file, data));
  }
  if (failed.length > 0) yield `\nFailed tests:\n${failed.join('')}`;
}

/** A suite also fails if a test in it does: name only the test. */
function isCause(error) {
  return error?.failureType !== 'subtestsFailed';
}

function failure(file, { name, line, details: { error } }) {
  const message = String(error?.cause?.message ?? error?.cause ?? error?.message ?? '').trim();
  return `${file}:${line}: ${name}\n${message.replace(/^/gm, '    ')}\n`;
}

function timedOut(file, names) {
  const where =
    names.length > 0
      ? `in the test "${names.join(' > ')}"`
      : 'in a hook, or with a timer or socket still open';
  return `${file}: timed out ${where}\n`;
}
