import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { findOrphans, leftLine, orphanLine } from '../../nodes/kafka-out/orphans';
import { queueFolder, queuesFolder } from '../../nodes/kafka-out/queue-folder';

const userDir = mkdtempSync(join(tmpdir(), 'orphans-'));
after(() => rmSync(userDir, { recursive: true, force: true }));

/** A Node-RED in which these nodes run. */
const running = (ids: string[], settings: object = { userDir }): { RED: NodeAPI } => ({
  RED: {
    settings,
    nodes: { getNode: (id: string) => (ids.includes(id) ? { id } : null) },
  } as unknown as NodeAPI,
});

/** Writes files of these sizes into a node's folder. */
function fill(id: string, files: Record<string, number>): void {
  const folder = queueFolder(userDir, id);
  mkdirSync(folder, { recursive: true });
  for (const [name, size] of Object.entries(files)) writeFileSync(join(folder, name), Buffer.alloc(size));
}

test('orphans: no user folder, no folder of queues -> none', async () => {
  assert.deepEqual(await findOrphans(running([], {})), []);
  assert.deepEqual(await findOrphans(running([])), []);
});

test('orphans: folders of running nodes and folders without segments -> left out', async () => {
  fill('running', { '0000000000000001.segment': 10 });
  fill('z-deleted', { '0000000000000001.segment': 100, '0000000000000002.segment': 50, '1.settled': 7 });
  fill('../a', { '0000000000000009.segment': 1 });
  fill('empty', {});
  fill('locked', { lock: 20, '0000000000000001.damaged': 30 });
  writeFileSync(join(queuesFolder(userDir), 'a file'), 'x');
  assert.deepEqual(await findOrphans(running(['running'])), [
    { id: '../a', folder: queueFolder(userDir, '../a'), segments: 1, bytes: 1 },
    { id: 'z-deleted', folder: queueFolder(userDir, 'z-deleted'), segments: 2, bytes: 157 },
  ]);
});

test('orphans: lines of the log -> id, segments, megabytes, records, folder', () => {
  const words = (key: string, params: object = {}): string => `${key} ${JSON.stringify(params)}`;
  const orphan = { id: 'n1', folder: '/u/n1', segments: 2, bytes: 1_250_000 };
  assert.equal(orphanLine({ words }, orphan), 'log.orphan {"id":"n1","segments":2,"megabytes":"1.3"}');
  assert.equal(leftLine({ words }, 12, '/u/n1'), 'log.left {"count":12,"folder":"/u/n1"}');
});
