import type { Node, NodeStatus } from 'node-red';
import { isCatalogueKey } from './catalogue';

/** A node's status: fill, shape, and a text of at most 32 characters or a catalogue key. */
export type Status = NodeStatus;

/**
 * Computes a status at the moment it is shown. `changing`: the status changes without a new call of `show`, so it
 * is computed again after the next interval.
 */
export type LiveStatus = () => { status: Status; changing: boolean };

const coreStatus = 'node-red:common.status.';
/** The maximum length of a status text, in characters. */
export const longestStatus = 32;
const intervalMs = 500;

/** Node-RED's own texts and colors for the states of a connection. */
export const connecting: Status = { fill: 'yellow', shape: 'ring', text: `${coreStatus}connecting` };
export const connected: Status = { fill: 'green', shape: 'dot', text: `${coreStatus}connected` };

/** A red ring: an error, with its cause in a few words. */
export const errorStatus = (text: string): Status => ({ fill: 'red', shape: 'ring', text });
/** A green dot: working. */
export const okStatus = (text: string): Status => ({ fill: 'green', shape: 'dot', text });
/** A yellow ring: in progress, or waiting. */
export const waitingStatus = (text: string): Status => ({ fill: 'yellow', shape: 'ring', text });
/** A grey ring: stopped on purpose. */
export const idleStatus = (text: string): Status => ({ fill: 'grey', shape: 'ring', text });

/**
 * Shows a node's status at most twice per second: the first at once, then the latest after each interval, never
 * the same twice in a row. The editor's event queue is unbounded, and a busy node must not fill it.
 */
export class StatusLight {
  private shown = '';
  private next?: Status | LiveStatus;
  private timer?: NodeJS.Timeout;

  /** @param translate returns the text of a catalogue key in the server's language */
  constructor(
    private readonly node: Node,
    private readonly translate = (key: string): string => key,
  ) {}

  show(status: Status | LiveStatus): void {
    this.next = status;
    if (!this.timer) this.flush();
  }

  /** Stops the timer; nothing is shown afterwards. */
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
    const changed = this.showIfChanged(shortened(status));
    // A live status waits even if unchanged: computing it for every record would cost too much.
    if (!changed && !live) return;
    this.timer = setTimeout(() => this.flush(), intervalMs);
    this.timer.unref();
  }

  /** @returns whether the status has changed */
  private showIfChanged(status: Status): boolean {
    const key = `${status.fill}|${status.shape}|${status.text}`;
    if (key === this.shown) return false;
    this.shown = key;
    this.node.status(this.withMessage(status));
    return true;
  }

  /** Adds what a Status node's flow can show to people, because `text` may be a key: the text in the server's language. */
  private withMessage(status: Status): Status & { message: string } {
    const text = status.text ?? '';
    return { ...status, message: isCatalogueKey(text) ? this.translate(text) : text };
  }
}

function shortened(status: Status): Status {
  const text = status.text ?? '';
  if (text.length <= longestStatus || isCatalogueKey(text)) return status;
  return { ...status, text: `${text.slice(0, longestStatus - 1)}…` };
}
