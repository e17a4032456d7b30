import type { OpenFault, StreamEnd } from '../faults/types';

/** What a fault does to its stream. */
export interface FaultTarget {
  line(text: string): void;
  error(body: object, close: boolean): void;
  end(how: StreamEnd): void;
}

/** Applies the fault to a stream that has just sent its headers; returns what cancels it. */
export function startFault(fault: OpenFault, target: FaultTarget): () => void {
  if (fault.kind === 'encoding') return () => {};
  if (fault.kind === 'then') for (const line of fault.lines ?? []) target.line(line);
  const timer = setTimeout(() => {
    if (fault.kind === 'stream-error') target.error(fault.body, fault.close);
    else target.end(fault.end);
  }, fault.afterMs);
  return () => clearTimeout(timer);
}
