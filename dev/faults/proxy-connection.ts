import { connect, type Socket } from 'node:net';
import { Line } from './proxy-delay-queue';
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
  readonly #line = new Line();
  /** Faults that are to hit the answers to requests on their way, by correlation id. */
  readonly #marked = new Map<number, Fault>();
  #silent = false;
  /** Nothing more is passed on, in either direction. */
  #over = false;

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
    client.on('close', () => this.#line.add(0, () => this.#broker.end()));
    this.#broker.on('data', (part) => this.#fromBroker(part));
    this.#broker.on('drain', () => client.resume());
    this.#broker.on('close', () => this.#brokerGone());
    const end = () => client.closed && this.#broker.closed && ended(this);
    client.on('close', end);
    this.#broker.on('close', end);
  }

  /** From now on answers are thrown away, and not even the broker's end is told. */
  silence(): void {
    this.#silent = true;
    this.#broker.resume(); // a client that reads slowly no longer matters
  }

  cut(): void {
    this.#over = true;
    this.#line.clear();
    this.client.destroy();
    this.#broker.destroy();
  }

  #fromClient(part: Buffer): void {
    for (const frame of this.#requests.push(part)) {
      if (this.#over) return;
      this.#request(frame);
    }
  }

  #request(frame: Buffer): void {
    const head = this.#requests.opaque ? undefined : headOf(frame);
    const fault = head && this.plan.next(head.apiKey);
    if (fault?.kind === 'cutInRequest') {
      this.#line.add(0, () => this.#cutIn(frame));
      return;
    }
    if (fault?.kind === 'hold') this.plan.done();
    else if (head && fault) this.#marked.set(head.correlationId, fault);
    this.#line.add(fault?.ms ?? 0, () => pass(frame, this.client, this.#broker));
  }

  #fromBroker(part: Buffer): void {
    for (const frame of this.#answers.push(part)) {
      if (this.#over) return;
      this.#answer(frame);
    }
  }

  #answer(frame: Buffer): void {
    const fault = this.#faultFor(frame);
    if (this.#silent || fault) this.plan.done();
    if (this.#silent) return;
    if (!fault) pass(frame, this.#broker, this.client);
    else if (fault.kind === 'resetInResponse') this.#resetIn(frame);
    else this.cut();
  }

  #faultFor(answer: Buffer): Fault | undefined {
    const id = this.#answers.opaque ? undefined : correlationOf(answer);
    if (id === undefined) return undefined;
    const fault = this.#marked.get(id);
    this.#marked.delete(id);
    return this.plan.inForce(fault) ? fault : undefined;
  }

  #cutIn(request: Buffer): void {
    this.#over = true;
    this.plan.done();
    this.#broker.write(halfOf(request), () => this.cut());
  }

  #resetIn(answer: Buffer): void {
    this.#over = true;
    const reset = () => {
      this.client.resetAndDestroy();
      this.cut();
    };
    // One that finds the reset together with the bytes takes it for an ordinary end (libuv does). The immediate lets
    // a client in this very process read first, however busy that is.
    this.client.write(halfOf(answer), () => setTimeout(() => setImmediate(reset), timeToRead));
  }

  #brokerGone(): void {
    this.#line.clear();
    if (!this.#silent) this.client.destroySoon();
  }
}

function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.writableEnded) return;
  if (!to.write(bytes)) from.pause();
}
