// A reporter for node --test. Node.js applies --test-timeout to a whole file and names only the file: this reporter
// adds the test that was running.
import { relative, resolve } from 'node:path';

export default async function* unfinishedTests(events) {
  /** For each file, the running test below the suites that contain it. */
  const running = new Map();
  for await (const { type, data } of events) {
    if (data.file === undefined || data.name === undefined) continue;
    if (resolve(data.name) === data.file) {
      if (type === 'test:fail' && data.details.error?.failureType === 'testTimeoutFailure') {
        yield timedOut(data.file, running.get(data.file) ?? []);
      }
    } else if (type === 'test:dequeue' || type === 'test:complete') {
      const names = (running.get(data.file) ?? []).slice(0, data.nesting);
      running.set(data.file, type === 'test:dequeue' ? [...names, data.name] : names);
    }
  }
}

function timedOut(file, names) {
  const where =
    names.length > 0
      ? `in the test "${names.join(' > ')}"`
      : 'in a hook, or with a timer or socket still open';
  return `${relative(process.cwd(), file)}: timed out ${where}\n`;
}
