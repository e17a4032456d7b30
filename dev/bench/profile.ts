import { Session } from 'node:inspector/promises';
import { formatNumber } from './figures';

const shown = 6;

interface Frame {
  functionName: string;
  url: string;
}

/**
 * Runs work under the CPU profiler.
 * @returns its result, and the functions that took the most time themselves, in percent of the time that the main thread
 *   was busy
 */
export async function profiled<T>(work: () => Promise<T>): Promise<{ result: T; profile: string }> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    const result = await work();
    const { profile } = await session.post('Profiler.stop');
    const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    const times = new Map<string, number>();
    (profile.samples ?? []).forEach((id, index) => {
      const name = nameOf(frames.get(id));
      times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
    });
    times.delete('(idle)');
    return { result, profile: largest(times) };
  } finally {
    session.disconnect();
  }
}

/** With the file of the function, if it has one. */
function nameOf(frame: Frame | undefined): string {
  if (!frame) return '(unknown)';
  const file = /([^/]+)\.[jt]s$/.exec(frame.url)?.[1];
  const name = frame.functionName || '(anonymous)';
  return file && !frame.url.startsWith('node:') ? `\`${name}\` (${file})` : name.replace(/^\w+$/, '`$&`');
}

function largest(times: Map<string, number>): string {
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .sort(([, one], [, other]) => other - one)
    .slice(0, shown)
    .map(([name, time]) => `${name} ${formatNumber((time / all) * 100)} %`)
    .join(', ');
}
