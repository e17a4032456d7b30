import { readFileSync } from 'node:fs';

/** What became of one record, by the journal; times are epoch milliseconds. */
export interface RecordOutcome {
  accepted?: number;
  /** Each `done` without an error. */
  done: number[];
  /** Each error handed to a Catch node. */
  caught: { at: number; text: string }[];
  /** Each time it came out of the node's output: "topic/partition", and the offset, -1 where none was told. */
  outputs: { topicPartition: string; offset: number }[];
}

/** The journal of a load's records, by their number. */
export type Journal = Map<number, RecordOutcome>;

/** Reads the journal of a load; a last line that was cut off is left out. */
export function readJournal(path: string): Journal {
  const journal: Journal = new Map();
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) {
    const [event, number, ...rest] = line.split(' ');
    const outcome = outcomeOf(journal, Number(number));
    if (event === 'T') outcome.accepted = Number(rest[0]);
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
