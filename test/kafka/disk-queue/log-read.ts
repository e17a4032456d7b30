import type { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import type { LogRun } from './log-run';

export type Which = 'own' | 'foreign' | 'all';

const noPage: Awaited<ReturnType<DiskLog['read']>> = { frames: [], next: undefined };

/** Reads all there is, some bytes at a time. */
export async function readAll(run: LogRun, maxBytes: number, which: Which): Promise<void> {
  let from: number | undefined = 0;
  for (let pages = 0; from !== undefined; pages++) {
    if (pages > 5000) {
      run.model.fail('read never ends');
      return;
    }
    from = await readPage(run, from, maxBytes, which);
  }
}

/**
 * Reads once, and checks that it is what must be there.
 * @returns where to go on
 */
export async function readPage(
  run: LogRun,
  from: number,
  maxBytes: number,
  which: Which,
): Promise<number | undefined> {
  const { log, model } = run;
  const { clusterId } = log;
  const isOwn = (id: string): boolean => id === '' || id === clusterId || clusterId === '';
  const mustBeRead = model.pending.filter(({ isSynced, clusters }) => {
    const ids = [...clusters];
    return isSynced && (which === 'all' || ids.every((id) => isOwn(id) === (which === 'own')));
  });
  const reading: ReturnType<DiskLog['read']> = log.read(from, maxBytes, which).catch((error) => {
    if (model.hadFault) return noPage;
    throw error;
  });
  const page = await run.driveUnlessHung(reading, 60_000, 'read');
  if (!page) return undefined;
  const { frames, next } = page;
  const bytes = frames.reduce((sum, { content }) => sum + content.length, 0);
  const lastBytes = frames.at(-1)?.content.length ?? 0;
  if (bytes - lastBytes >= maxBytes && frames.length > 1) model.fail(`read ${bytes} of ${maxBytes} bytes`);
  let last = from - 1;
  for (const frame of frames) {
    model.checkFrame(frame);
    if (frame.seq <= last) model.fail(`read ${frame.seq} after ${last}`);
    last = frame.seq;
    if (clusterId && which !== 'all' && isOwn(frame.clusterId) !== (which === 'own'))
      model.fail(`read a record of '${frame.clusterId}' as ${which}`);
  }
  if (next !== undefined && next <= last) model.fail(`read goes on at ${next} after ${last}`);
  if (model.hadFault || run.opening) return next;
  const seen = new Set(frames.map(({ seq }) => seq));
  for (const { id, seq = 0, isSettled } of mustBeRead) {
    const isInPage = seq >= from && seq < (next ?? Number.POSITIVE_INFINITY);
    if (isInPage && !isSettled && !seen.has(seq)) model.fail(`${id} was not read`);
  }
  return next;
}
