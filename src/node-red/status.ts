import type { Node, NodeStatus } from 'node-red';

/** A node's status: fill, shape and a text of at most 32 characters or a catalogue key. */
export type Status = NodeStatus;

const common = 'node-red:common.status.';
const longest = 32;
const gapMs = 500;

/** Node-RED's own words and colours for the states that every connecting node has. */
export const connecting: Status = { fill: 'yellow', shape: 'ring', text: `${common}connecting` };
export const connected: Status = { fill: 'green', shape: 'dot', text: `${common}connected` };
export const disconnected: Status = { fill: 'red', shape: 'ring', text: `${common}disconnected` };

/** A red ring with the cause in a few words. */
export const failing = (text: string): Status => ({ fill: 'red', shape: 'ring', text });
/** A green dot with a text. */
export const fine = (text: string): Status => ({ fill: 'green', shape: 'dot', text });
/** A yellow ring with a text: on the way, or waiting. */
export const waiting = (text: string): Status => ({ fill: 'yellow', shape: 'ring', text });
/** A grey ring with a text: stopped on purpose. */
export const idle = (text: string): Status => ({ fill: 'grey', shape: 'ring', text });

/**
 * Shows a node's status at most twice a second: the first at once, then the newest when its turn
 * comes, the same never twice. An editor's queue of events is unbounded, so a busy node must not fill it.
 */
export class StatusLight {
  private shown = '';
  private next?: Status;
  private timer?: NodeJS.Timeout;

  constructor(private readonly node: Node) {}

  show(status: Status): void {
    const text = status.text ?? '';
    this.next =
      text.length > longest && !text.startsWith(common)
        ? { ...status, text: `${text.slice(0, longest - 1)}…` }
        : status;
    if (!this.timer) this.flush();
  }

  /** Ends the timer; nothing is shown any more. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.next = undefined;
  }

  private flush(): void {
    this.timer = undefined;
    const status = this.next;
    this.next = undefined;
    if (!status) return;
    const key = `${status.fill}|${status.shape}|${status.text}`;
    if (key === this.shown) return;
    this.shown = key;
    this.node.status(status);
    this.timer = setTimeout(() => this.flush(), gapMs);
    this.timer.unref();
  }
}
