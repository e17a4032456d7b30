import { connect, type Socket } from 'node:net';
import { DelayQueue } from './proxy-delay-queue';
import { correlationOf, FrameSplitter, halfOf, headOf } from './proxy-frames';
import type { Fault, FaultPlan } from './proxy-plan';

/** So many ms a client has for half an answer before the reset. */
const timeToRead = 20;

export interface Target {
  host: string;
  port: number;
}

/** A client's connection and the one to the broker behind it, frame by frame. */
export class ProxyConnection {
  readonly #broker: Socket;
  readonly #requests = new FrameSplitter();
  readonly #answers = new FrameSplitter();
  readonly #toBroker = new DelayQueue();
  /** Faults that are to hit the answers to requests on their way, by correlation id. */
  readonly #faultByCorrelationId = new Map<number, Fault>();
  #dropsResponses = false;
  /** Nothing more is passed on, in either direction. */
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
      socket.on('error', () => {}); // the close that follows says enough
    }
    client.on('data', (part) => this.#fromClient(part));
    client.on('drain', () => this.#broker.resume());
    // Behind what is held: a client's bytes arrive though it has hung up since.
    client.on('close', () => this.#toBroker.add(0, () => this.#broker.end()));
    this.#broker.on('data', (part) => this.#fromBroker(part));
    this.#broker.on('drain', () => client.resume());
    this.#broker.on('close', () => this.#brokerGone());
    const end = () => client.closed && this.#broker.closed && ended(this);
    client.on('close', end);
    this.#broker.on('close', end);
  }

  /** From now on answers are thrown away, and not even the broker's end is told. */
  dropResponses(): void {
    this.#dropsResponses = true;
    this.#broker.resume(); // a client that reads slowly no longer matters
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
      this.#toBroker.add(0, () => this.#cutIn(frame));
      return;
    }
    if (fault?.kind === 'delay') this.plan.done();
    else if (head && fault) this.#faultByCorrelationId.set(head.correlationId, fault);
    this.#toBroker.add(fault?.ms ?? 0, () => pass(frame, this.client, this.#broker));
  }

  #fromBroker(part: Buffer): void {
    for (const frame of this.#answers.push(part)) {
      if (this.#closed) return;
      this.#answer(frame);
    }
  }

  #answer(frame: Buffer): void {
    const fault = this.#faultFor(frame);
    if (this.#dropsResponses || fault) this.plan.done();
    if (this.#dropsResponses) return;
    if (!fault) pass(frame, this.#broker, this.client);
    else if (fault.kind === 'resetMidResponse') this.#resetIn(frame);
    else this.cut();
  }

  #faultFor(answer: Buffer): Fault | undefined {
    const id = this.#answers.opaque ? undefined : correlationOf(answer);
    if (id === undefined) return undefined;
    const fault = this.#faultByCorrelationId.get(id);
    this.#faultByCorrelationId.delete(id);
    return this.plan.isActive(fault) ? fault : undefined;
  }

  #cutIn(request: Buffer): void {
    this.#closed = true;
    this.plan.done();
    this.#broker.write(halfOf(request), () => this.cut());
  }

  #resetIn(answer: Buffer): void {
    this.#closed = true;
    const reset = () => {
      this.client.resetAndDestroy();
      this.cut();
    };
    // One that finds the reset together with the bytes takes it for an ordinary end (libuv does). The immediate lets
    // a client in this very process read first, however busy that is.
    this.client.write(halfOf(answer), () => setTimeout(() => setImmediate(reset), timeToRead));
  }

  #brokerGone(): void {
    this.#toBroker.clear();
    if (!this.#dropsResponses) this.client.destroySoon();
  }
}

function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.writableEnded) return;
  if (!to.write(bytes)) from.pause();
}
