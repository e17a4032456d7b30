import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readJournal } from '../../dev/faults/journal';

function journalOf(...lines: string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'fault-journal-'));
  try {
    writeFileSync(join(dir, 'journal'), lines.join('\n'));
    return readJournal(join(dir, 'journal'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('fault journal: acknowledged, then from disk after a crash -> two outputs in two lives', () => {
  const journal = journalOf(
    ...['S 1', 'A 0 10', 'D 0 20', 'O 0 30 t/1 5 whole'],
    ...['S 2', 'O 0 40 t/1 6 queued', 'E', ''],
  );
  const outputs = journal.get(0)?.outputs;
  assert.deepEqual(outputs, [
    { topicPartition: 't/1', offset: 5, at: 30, form: 'whole', afterDone: true, crashes: 0 },
    { topicPartition: 't/1', offset: 6, at: 40, form: 'queued', afterDone: true, crashes: 1 },
  ]);
});

test('fault journal: unanswered at a crash -> marked; at a clean stop or at the end -> not', () => {
  const journal = journalOf('S 1', 'A 0 10', 'S 2', 'A 1 20', 'E', 'S 3', 'A 2 30', 'A 3 30', 'D 3 31', '');
  const marked = [...journal].filter(([, { unansweredAtCrash }]) => unansweredAtCrash).map(([id]) => id);
  assert.deepEqual(marked, [0]);
});

test('fault journal: Catch after done -> late; incomplete last line -> ignored', () => {
  const journal = journalOf('S 1', 'A 0 10', 'D 0 20', 'C 0 30 too large', 'A 1 40', 'D 1 5');
  assert.deepEqual(journal.get(0)?.caught, [{ at: 30, text: 'too large', late: true }]);
  assert.deepEqual(journal.get(1)?.done, []);
});
