import { rmSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { VirtualClock } from '../../../dev/stream/virtual-clock';
import { SharedApp } from '../../../src/stream/app/shared-app';
import type { SharedStream } from '../../../src/stream/filtered/shared-stream';
import type { Subscriber } from '../../../src/stream/filtered/subscription';
import type { Problem } from '../../../src/util/problem';
import { startXServer, type XServer } from '../x-server';
import { RecordingSubscriber } from './recording-subscriber';

export interface SharedStreamSetup {
  x: XServer;
  clock: VirtualClock;
  app: SharedApp;
  stream: SharedStream;
  /** Problems with the state file. */
  warnings: Problem[];
  subscribe(id: string, options?: Partial<Subscriber>): RecordingSubscriber;
  /** Lets time pass until the condition holds. */
  until(condition: () => unknown, what: string): Promise<void>;
  /** The id that the server gave a rule. */
  ruleId(value: string): string;
  /** Requests for the stream so far. */
  connects(): number;
  /** Requests for the list of rules so far. */
  syncs(): number;
  /** Requests that change rules so far. */
  changes(): number;
  /** Ends the process's App, and starts another one with the same state file. */
  restart(): Promise<SharedStream>;
}

export interface SetupOptions {
  /** Of the state file; removed at the end. */
  folder?: string;
}

/** A server and a shared stream on a controlled clock for one test, closed at its end. */
export async function setUpSharedStream(
  t: TestContext,
  { folder }: SetupOptions = {},
): Promise<SharedStreamSetup> {
  const clock = new VirtualClock(Date.UTC(2026, 7, 22, 12));
  const x = await startXServer();
  const warnings: Problem[] = [];
  const onWarning = (problem: Problem): void => {
    warnings.push(problem);
  };
  const credentials = { baseUrl: x.url, bearerToken: 'secret-token' };
  const start = async (): Promise<void> => {
    setup.app = new SharedApp({ ...credentials }, { id: 'app', folder, onWarning, onIdle: () => {} });
    await setup.app.load();
    setup.stream = setup.app.stream('filtered', {}, 0);
  };
  const count = (pattern: RegExp): number => x.requests.filter((request) => pattern.test(request)).length;
  const setup = {
    x,
    clock,
    warnings,
    subscribe: (id: string, options: Partial<Subscriber> = {}) =>
      new RecordingSubscriber(setup.stream, id, options, clock),
    until: (condition: () => unknown, what: string) => clock.until(() => Boolean(condition()), what),
    ruleId: (value: string) => x.rules.find((rule) => rule.value === value)?.id ?? '',
    connects: () => count(/^GET \S+\/stream(\?|$)/),
    syncs: () => count(/^GET \S+\/rules\?/),
    changes: () => count(/^POST \S+\/rules/),
    async restart() {
      await setup.app.close();
      await start();
      return setup.stream;
    },
  } as SharedStreamSetup;
  await start();
  t.after(async () => {
    await setup.app.close();
    await x.close();
    clock.uninstall();
    // Not in a hook of the test: the state file may be written until now.
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  return setup;
}
