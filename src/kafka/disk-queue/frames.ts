import type { DiskLog, StoredFrame } from './disk-log';

const pageBytes = 1_000_000;

/**
 * All pending records of a log, in order, read in pages so that memory stays bounded.
 * @param afterPage awaited before the next page is read
 */
export async function* framesOf(
  log: Pick<DiskLog, 'read'>,
  which: Parameters<DiskLog['read']>[2] = 'own',
  afterPage: () => Promise<void> = async () => {},
): AsyncGenerator<StoredFrame> {
  let position: number | undefined = 0;
  while (position !== undefined) {
    const { frames, next }: Awaited<ReturnType<DiskLog['read']>> = await log.read(position, pageBytes, which);
    yield* frames;
    await afterPage();
    position = next;
  }
}
