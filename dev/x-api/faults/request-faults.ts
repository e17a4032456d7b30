import { FaultQueue } from './queue';
import type { RequestFault } from './types';

/** Faults for the next requests of endpoints that are not streams. */
export class RequestFaults {
  private readonly queues = new Map<string, FaultQueue<RequestFault>>();

  /** @param method only requests with this method; without it, any */
  add(path: string, fault: RequestFault, times: number, method?: string): void {
    const key = `${method ?? ''} ${path}`;
    const queue = this.queues.get(key) ?? new FaultQueue<RequestFault>();
    this.queues.set(key, queue);
    queue.add(fault, times);
  }

  take(method: string, path: string): RequestFault | undefined {
    return this.queues.get(`${method} ${path}`)?.shift() ?? this.queues.get(` ${path}`)?.shift();
  }
}
