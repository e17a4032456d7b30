import type { TestContext } from 'node:test';
import { SharedStream } from '../../../src/stream/filtered/shared-stream';
import type { Subscriber } from '../../../src/stream/filtered/subscription';
import { startXServer, type XServer } from '../x-server';
import { RecordingSubscriber } from './recording-subscriber';

export interface SharedStreamSetup {
  x: XServer;
  stream: SharedStream;
  subscribe(id: string, options?: Partial<Subscriber>): RecordingSubscriber;
  /** The id that the server gave a rule. */
  ruleId(value: string): string;
  /** Requests for the stream so far. */
  connects(): number;
  /** Requests for the list of rules so far. */
  syncs(): number;
}

/** A server and a shared stream for one test, closed at its end. @param scale of the waits */
export async function setUpSharedStream(t: TestContext, scale = 0.01): Promise<SharedStreamSetup> {
  const x = await startXServer();
  const stream = new SharedStream({ baseUrl: x.url, bearerToken: 't' }, { debounceMs: 5, scale });
  t.after(async () => {
    stream.close();
    await x.close();
  });
  const count = (pattern: RegExp): number => x.requests.filter((request) => pattern.test(request)).length;
  return {
    x,
    stream,
    subscribe: (id, options = {}) => new RecordingSubscriber(stream, id, options),
    ruleId: (value) => x.rules.find((rule) => rule.value === value)?.id ?? '',
    connects: () => count(/^GET \S+\/stream\?/),
    syncs: () => count(/^GET \S+\/rules/),
  };
}
