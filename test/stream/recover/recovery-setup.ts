import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import type { StreamEvent } from '../../../src/stream/source';
import type { RecordingSubscriber } from '../filtered/recording-subscriber';
import { type SharedStreamSetup, setUpSharedStream } from '../filtered/shared-stream-setup';
import { answer, post } from '../x-server';
import { type Archive, answerOf } from './fake-search';

export interface RecoverySetup extends SharedStreamSetup {
  /** What search finds, by rule. */
  archive: Archive;
  /** Requests to search so far. */
  searches(): URLSearchParams[];
  /** Answers a search instead of the archive. */
  onSearch?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Sends a post, and waits until the node has it. */
  sendPost(node: RecordingSubscriber, id: string): Promise<void>;
  /** X ends the connection, and is unavailable for this long. */
  outage(ms: number): Promise<void>;
}

/** As X's. */
const keepAliveMs = 20_000;
const searchPath = /^\S+ \/gateway\/2\/tweets\/search\/(recent|all)\?(\S+)/;

/** A shared stream with a search, on a controlled clock. */
export async function setUpRecovery(
  t: TestContext,
  { folder, keepAlives = true }: { folder?: string; keepAlives?: boolean } = {},
): Promise<RecoverySetup> {
  const base = await setUpSharedStream(t, { folder });
  const { x, clock, until, ruleId } = base;
  const setup: RecoverySetup = Object.assign(base, {
    archive: {},
    searches: () =>
      x.requests.flatMap((request) => {
        const [, , query] = searchPath.exec(request) ?? [];
        return query === undefined ? [] : [new URLSearchParams(query)];
      }),
    async sendPost(node: RecordingSubscriber, id: string) {
      const { length } = node.lines;
      x.send(post(id, ruleId(`rule of ${node.id}`)));
      await until(() => node.lines.length > length, `post ${id}`);
    },
    async outage(ms: number) {
      const { onStream } = x;
      const end = clock.now + ms;
      x.onStream = (request, response) => {
        const seconds = Math.min(3600, Math.ceil((end - clock.now) / 1000));
        if (seconds <= 0) onStream(request, response);
        else answer(response, 503, { title: 'Service Unavailable' }, { 'retry-after': String(seconds) });
      };
      const { length } = x.streams;
      x.streams.at(-1)?.destroy();
      await clock.advance(ms);
      await until(() => x.streams.length > length, 'connected again');
    },
  });
  x.onOther = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    if (!/\/search\/(recent|all)$/.test(pathname)) return false;
    if (setup.onSearch?.(request, response)) return true;
    answer(response, 200, answerOf(setup.archive, Object.fromEntries(searchParams)));
    return true;
  };
  const timer = setInterval(() => keepAlives && x.send(''), keepAliveMs);
  t.after(() => clearInterval(timer));
  return setup;
}

/** X's id of a post of this time. @param ms epoch ms */
export const idAt = (ms: number, sequence = 0): string =>
  String((BigInt(Math.floor(ms) - 1288834974657) << 22n) + BigInt(sequence));

/** The events of outages. */
export const gapsOf = ({ events }: RecordingSubscriber): StreamEvent[] =>
  events.filter(({ event }) => event === 'gap');
