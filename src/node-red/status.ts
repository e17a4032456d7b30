import type { Node, NodeStatus } from 'node-red';

/** A node's status: fill, shape and a text of at most 32 characters or a catalogue key. */
export type Status = NodeStatus;

/**
 * A status that is worked out when its turn to be shown has come; `changing`: it changes by itself, so that
 * it is to be worked out again when the next turn comes.
 */
export type LiveStatus = () => { status: Status; changing: boolean };

const common = 'node-red:common.status.';
/** Characters of a status's text at most. */
export const longestStatus = 32;
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
 * comes (a live one is worked out then), the same never twice. An editor's queue of events is
 * unbounded, so a busy node must not fill it.
 */
export class StatusLight {
  private shown = '';
  private next?: Status | LiveStatus;
  private timer?: NodeJS.Timeout;

  constructor(private readonly node: Node) {}

  show(status: Status | LiveStatus): void {
    this.next = status;
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
    const { next } = this;
    this.next = undefined;
    if (!next) return;
    const live = typeof next === 'function';
    const { status, changing } = live ? next() : { status: next, changing: false };
    if (changing) this.next = next;
    // To work a live one out for each of many records would be too dear.
    if (!this.give(shortened(status)) && !live) return;
    this.timer = setTimeout(() => this.flush(), gapMs);
    this.timer.unref();
  }

  /** @returns whether it was news */
  private give(status: Status): boolean {
    const key = `${status.fill}|${status.shape}|${status.text}`;
    if (key === this.shown) return false;
    this.shown = key;
    this.node.status(status);
    return true;
  }
}

function shortened(status: Status): Status {
  const text = status.text ?? '';
  if (text.length <= longestStatus || text.startsWith(common)) return status;
  return { ...status, text: `${text.slice(0, longestStatus - 1)}…` };
}
