import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Node } from 'node-red';
import helper from 'node-red-node-test-helper';

export type Flow = Array<Record<string, unknown>>;
type TestFlow = Parameters<typeof helper.load>[1];
export type Msg = Record<string, unknown> & { _msgid?: string };

helper.init(require.resolve('node-red'));
// Each test file is a process: its disk queues are its own.
export const userDir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-user-'));
process.on('exit', () => rmSync(userDir, { recursive: true, force: true }));
helper.settings({ userDir } as never);

export { helper };

/** A tab, a Catch node named "caught" wired to a helper node, and the nodes given, all on that tab. */
export function onTab(nodes: Flow): TestFlow {
  return [
    { id: 'tab-1', type: 'tab', label: 'test' },
    ...nodes.map((node) => (node.config ? node : { z: 'tab-1', ...node })),
    { id: 'n-catch', type: 'catch', z: 'tab-1', wires: [['n-caught']] },
    { id: 'n-caught', type: 'helper', z: 'tab-1' },
  ] as unknown as TestFlow;
}

/** The messages that a helper node receives, in order; `next` waits for the next one. */
export class Inbox {
  readonly all: Msg[] = [];
  private readonly events = new EventEmitter();
  private read = 0;

  constructor(id: string) {
    helper.getNode(id).on('input', (msg) => {
      this.all.push(msg as unknown as Msg);
      this.events.emit('input');
    });
  }

  async next(): Promise<Msg> {
    if (this.all.length <= this.read)
      await once(this.events, 'input', { signal: AbortSignal.timeout(30_000) });
    return this.all[this.read++] as Msg;
  }
}

/** The texts of the statuses of a node, in order. */
export function statusesOf(id: string): string[] {
  const node = helper.getNode(id) as unknown as { status: { getCalls(): StatusCall[] } };
  return node.status
    .getCalls()
    .filter((call) => (call.thisValue as unknown) === node)
    .map((call) => call.args[0]?.text ?? '');
}

interface StatusCall {
  thisValue: Node;
  args: Array<{ text?: string }>;
}

/** The sentence that a Catch node received. */
export const sentenceOf = (msg: Msg): string => (msg.error as { message: string }).message;
export const codeOf = (msg: Msg): string => (msg.error as { code: string }).code;
