import type { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import type { LogRun } from './log-run';

export type Which = 'own' | 'foreign' | 'all';

const noPage: Awaited<ReturnType<DiskLog['read']>> = { frames: [], next: undefined };

/** Reads all there is, some bytes at a time, and checks that it is what must be there. */
export async function readAll(run: LogRun, maxBytes: number, which: Which): Promise<void> {
  const { log, model } = run;
  const { pending } = model;
  const isOwn = (id: string): boolean => id === '' || id === log.clusterId || log.clusterId === '';
  const mustBeRead = pending.filter(({ isSynced, clusters }) => {
    const ids = [...clusters];
    return isSynced && (which === 'all' || ids.every((id) => isOwn(id) === (which === 'own')));
  });
  const seen = new Set<number>();
  let last = 0;
  let from: number | undefined = 0;
  for (let pages = 0; from !== undefined; pages++) {
    const reading: ReturnType<DiskLog['read']> = log.read(from, maxBytes, which).catch((error) => {
      if (model.hadFault) return noPage;
      throw error;
    });
    const page = await run.driveUnlessHung(reading, 60_000, 'read');
    if (!page) return;
    const bytes = page.frames.reduce((sum, { content }) => sum + content.length, 0);
    const lastBytes = page.frames.at(-1)?.content.length ?? 0;
    if (bytes - lastBytes >= maxBytes && page.frames.length > 1)
      model.fail(`read ${bytes} of ${maxBytes} bytes`);
    for (const frame of page.frames) {
      model.checkFrame(frame);
      if (frame.seq < from || frame.seq <= last) model.fail(`read ${frame.seq} after ${last}, from ${from}`);
      last = frame.seq;
      const isForeign = frame.clusterId !== '' && frame.clusterId !== log.clusterId;
      if (log.clusterId && which !== 'all' && isForeign !== (which === 'foreign'))
        model.fail(`read a record of '${frame.clusterId}' as ${which}`);
      seen.add(frame.seq);
    }
    if (page.next !== undefined && (page.next <= from || pages > 5000)) {
      model.fail(`read goes on at ${page.next} after ${from}`);
      break;
    }
    from = page.next;
  }
  if (model.hadFault || run.opening) return;
  for (const { id, seq, isSettled } of mustBeRead) {
    if (seq !== undefined && !isSettled && !seen.has(seq)) model.fail(`${id} was not read`);
  }
}
