import { connect, type Socket } from 'node:net';
import { DelayQueue } from './proxy-delay-queue';
import { correlationOf, FrameSplitter, halfOf, headOf } from './proxy-frames';
import type { Fault, FaultPlan } from './proxy-plan';

/** Time for the client to read half a response before the reset. */
const readMs = 20;

export interface Target {
  host: string;
  port: number;
}

/** Forwards frames between a client's connection and a connection to the broker. */
export class ProxyConnection {
  readonly #broker: Socket;
  readonly #requests = new FrameSplitter();
  readonly #responses = new FrameSplitter();
  readonly #toBroker = new DelayQueue();
  /** Faults that will hit the responses to requests in flight, by correlation id. */
  readonly #faultByCorrelationId = new Map<number, Fault>();
  #dropsResponses = false;
  /** Forwards nothing more in either direction. */
  #closed = false;

  constructor(
    private readonly client: Socket,
    target: Target,
    private readonly plan: FaultPlan,
    ended: (connection: ProxyConnection) => void,
  ) {
    this.#broker = connect(target);
    for (const socket of [client, this.#broker]) {
      socket.setNoDelay(true);
      socket.on('error', () => {}); // 'close' follows
    }
    client.on('data', (part) => this.#fromClient(part));
    client.on('drain', () => this.#broker.resume());
    // Queued behind delayed requests: they reach the broker even if the client has disconnected.
    client.on('close', () => this.#toBroker.add(0, () => this.#broker.end()));
    this.#broker.on('data', (part) => this.#fromBroker(part));
    this.#broker.on('drain', () => client.resume());
    this.#broker.on('close', () => this.#brokerGone());
    const end = () => client.closed && this.#broker.closed && ended(this);
    client.on('close', end);
    this.#broker.on('close', end);
  }

  /** Drops all responses from now on, and hides the end of the broker's connection from the client. */
  dropResponses(): void {
    this.#dropsResponses = true;
    this.#broker.resume(); // responses are dropped: no backpressure from the client
  }

  cut(): void {
    this.#closed = true;
    this.#toBroker.clear();
    this.client.destroy();
    this.#broker.destroy();
  }

  #fromClient(part: Buffer): void {
    for (const frame of this.#requests.push(part)) {
      if (this.#closed) return;
      this.#request(frame);
    }
  }

  #request(frame: Buffer): void {
    const head = this.#requests.opaque ? undefined : headOf(frame);
    const fault = head && this.plan.next(head.apiKey);
    if (fault?.kind === 'cutMidRequest') {
      this.#toBroker.add(0, () => this.#cutMidRequest(frame));
      return;
    }
    if (fault?.kind === 'delay') this.plan.countFault();
    else if (head && fault) this.#faultByCorrelationId.set(head.correlationId, fault);
    this.#toBroker.add(fault?.ms ?? 0, () => forward(frame, this.client, this.#broker));
  }

  #fromBroker(part: Buffer): void {
    for (const frame of this.#responses.push(part)) {
      if (this.#closed) return;
      this.#response(frame);
    }
  }

  #response(frame: Buffer): void {
    const fault = this.#faultFor(frame);
    if (this.#dropsResponses || fault) this.plan.countFault();
    if (this.#dropsResponses) return;
    if (!fault) forward(frame, this.#broker, this.client);
    else if (fault.kind === 'resetMidResponse') this.#resetMidResponse(frame);
    else this.cut();
  }

  #faultFor(response: Buffer): Fault | undefined {
    const id = this.#responses.opaque ? undefined : correlationOf(response);
    if (id === undefined) return undefined;
    const fault = this.#faultByCorrelationId.get(id);
    this.#faultByCorrelationId.delete(id);
    return this.plan.isActive(fault) ? fault : undefined;
  }

  #cutMidRequest(request: Buffer): void {
    this.#closed = true;
    this.plan.countFault();
    this.#broker.write(halfOf(request), () => this.cut());
  }

  #resetMidResponse(response: Buffer): void {
    this.#closed = true;
    const reset = () => {
      this.client.resetAndDestroy();
      this.cut();
    };
    // If the reset arrives together with the bytes, libuv reports an ordinary end. The immediate lets a client in
    // this process read first.
    this.client.write(halfOf(response), () => setTimeout(() => setImmediate(reset), readMs));
  }

  #brokerGone(): void {
    this.#toBroker.clear();
    if (!this.#dropsResponses) this.client.destroySoon();
  }
}

function forward(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.writableEnded) return;
  if (!to.write(bytes)) from.pause();
}
