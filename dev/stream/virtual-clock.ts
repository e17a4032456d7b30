import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import FakeTimers from '@sinonjs/fake-timers';

const { setImmediate: nextTurn } = globalThis;
const realNow = performance.now.bind(performance);

/** Turns without any change after which nothing happens before the next timer. */
const quietTurns = 4;
const quietLimitMs = 20_000;

/**
 * A clock for client and server in one process. Their sockets are real; time passes only when all bytes have arrived and
 * nothing but timers is left, so that a month takes minutes and each wait is exact.
 */
export class VirtualClock {
  private readonly clock: ReturnType<typeof FakeTimers.install>;
  private readonly clients = new Set<Socket>();
  private readonly servers = new Set<Socket>();

  constructor(startMs: number) {
    this.clock = FakeTimers.install({
      now: startMs,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    subscribe('net.client.socket', (message) => this.track(this.clients, message));
    subscribe('net.server.socket', (message) => this.track(this.servers, message));
  }

  /** Epoch ms. */
  get now(): number {
    return this.clock.now;
  }

  /** Lets time pass, each timer at its own moment. */
  async advance(ms: number): Promise<void> {
    const end = this.clock.now + ms;
    for (;;) {
      await this.settle();
      const before = this.clock.now;
      const left = end - before;
      if (left <= 0) return;
      const next = this.nextTimer();
      if (next === undefined || next > end) {
        this.clock.tick(left);
        await this.settle();
        return;
      }
      this.clock.tick(Math.max(0, next - before));
    }
  }

  /** Lets time pass until the condition holds. @throws after `limitMs` of virtual time */
  async until(condition: () => boolean, what: string, limitMs = 3_600_000): Promise<void> {
    const end = this.clock.now + limitMs;
    await this.settle();
    while (!condition()) {
      const next = this.nextTimer();
      if (next === undefined || next > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
      this.clock.tick(Math.max(0, next - this.clock.now));
      await this.settle();
    }
  }

  /** Waits until all bytes that were sent have been read, and nothing changes any more. */
  async settle(): Promise<void> {
    const since = realNow();
    let last = '';
    for (let quiet = 0; quiet < quietTurns; ) {
      await new Promise((resolve) => nextTurn(resolve));
      const state = this.traffic();
      quiet = state !== undefined && state === last ? quiet + 1 : 0;
      last = state ?? '';
      if (realNow() - since > quietLimitMs) throw new Error('The connections do not become quiet.');
    }
  }

  uninstall(): void {
    this.clock.uninstall();
  }

  private nextTimer(): number | undefined {
    // The types lack it.
    const { timers } = this.clock as unknown as { timers?: Map<number, { callAt: number }> };
    const times = [...(timers?.values() ?? [])].map(({ callAt }) => callAt);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  private track(sockets: Set<Socket>, message: unknown): void {
    const { socket } = message as { socket: Socket };
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  }

  /** Undefined while bytes are on their way; otherwise a string that differs after each change. */
  private traffic(): string | undefined {
    let bytes = 0;
    const byPort = new Map([...this.servers].map((socket) => [socket.remotePort, socket]));
    for (const client of this.clients) {
      if (client.connecting) return undefined;
      const server = byPort.get(client.localPort);
      byPort.delete(client.localPort);
      if (!server || client.bytesWritten !== server.bytesRead || server.bytesWritten !== client.bytesRead)
        return undefined;
      bytes += client.bytesWritten + server.bytesWritten;
    }
    // A socket without its other end closes soon.
    if (byPort.size > 0) return undefined;
    return `${this.clients.size} ${bytes} ${this.clock.countTimers()}`;
  }
}
