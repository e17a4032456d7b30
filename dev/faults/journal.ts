import { readFileSync } from 'node:fs';

/** The outcome of one record; times are epoch milliseconds. */
export interface RecordOutcome {
  /** When the node under test received it. */
  accepted?: number;
  /** Each completion without an error. */
  done: number[];
  /** Each error handed to a Catch node. */
  caught: { at: number; text: string }[];
  /** Each message from the node's output: "topic/partition" and the offset, -1 if the message has none. */
  outputs: { topicPartition: string; offset: number }[];
}

/** The outcomes of a load's records, by record number. */
export type Journal = Map<number, RecordOutcome>;

/** Reads the journal that nodes/journal.js writes; ignores an incomplete last line. */
export function readJournal(path: string): Journal {
  const journal: Journal = new Map();
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) {
    const [event, number, ...rest] = line.split(' ');
    const outcome = outcomeOf(journal, Number(number));
    if (event === 'A') outcome.accepted = Number(rest[0]);
    if (event === 'D') outcome.done.push(Number(rest[0]));
    if (event === 'C') outcome.caught.push({ at: Number(rest[0]), text: rest.slice(1).join(' ') });
    if (event === 'O') outcome.outputs.push({ topicPartition: rest[0] ?? '', offset: Number(rest[1]) });
  }
  return journal;
}

function outcomeOf(journal: Journal, id: number): RecordOutcome {
  let outcome = journal.get(id);
  if (!outcome) {
    outcome = { done: [], caught: [], outputs: [] };
    journal.set(id, outcome);
  }
  return outcome;
}
