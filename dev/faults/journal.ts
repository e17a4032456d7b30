import { readFileSync } from 'node:fs';

/** A message from the output of the node under test. */
export interface Output {
  /** "topic/partition" */
  topicPartition: string;
  /** -1 if the message has none. */
  offset: number;
  at: number;
  /** Whether it is the message that was sent, a new one for a record from disk, or neither. */
  form: 'whole' | 'queued' | 'broken';
  /** The record was done before: it was on disk. */
  afterDone: boolean;
  /** How many times Node-RED had been killed. */
  crashes: number;
}

/** The outcome of one record; times are epoch milliseconds. */
export interface RecordOutcome {
  /** When the node under test received it. */
  accepted?: number;
  /** Each completion without an error. */
  done: number[];
  /** Each error handed to a Catch node; `late`: after the record was done. */
  caught: { at: number; text: string; late: boolean }[];
  outputs: Output[];
  /** Node-RED was killed before it answered. */
  unansweredAtCrash: boolean;
}

/** The outcomes of a load's records, by record number. */
export type Journal = Map<number, RecordOutcome>;

/** Reads the journal that nodes/journal.js writes; ignores an incomplete last line. */
export function readJournal(path: string): Journal {
  const journal: Journal = new Map();
  const open = new Set<RecordOutcome>();
  let crashes = 0;
  let running = false;
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) {
    const [event, ...rest] = line.split(' ');
    if (event === 'S') {
      // Without an end before this start, the process before was killed.
      if (running) {
        crashes++;
        for (const outcome of open) outcome.unansweredAtCrash = true;
        open.clear();
      }
      running = true;
    } else if (event === 'E') running = false;
    else if (rest.length >= 2) addEvent(journal, open, { event, rest, crashes });
  }
  return journal;
}

interface Line {
  event: string | undefined;
  rest: string[];
  crashes: number;
}

function addEvent(journal: Journal, open: Set<RecordOutcome>, { event, rest, crashes }: Line): void {
  const [id, time, ...more] = rest;
  const [outcome, at] = [outcomeOf(journal, Number(id)), Number(time)];
  const afterDone = outcome.done.length > 0;
  if (event === 'A') {
    outcome.accepted = at;
    open.add(outcome);
  }
  if (event === 'D') outcome.done.push(at);
  if (event === 'C') outcome.caught.push({ at, text: more.join(' '), late: afterDone });
  if (event === 'D' || event === 'C') open.delete(outcome);
  if (event === 'O') {
    const [topicPartition = '', offset, form] = more;
    outcome.outputs.push({
      ...{ topicPartition, offset: Number(offset), at, afterDone, crashes },
      form: form as Output['form'],
    });
  }
}

function outcomeOf(journal: Journal, id: number): RecordOutcome {
  let outcome = journal.get(id);
  if (!outcome) {
    outcome = { done: [], caught: [], outputs: [], unansweredAtCrash: false };
    journal.set(id, outcome);
  }
  return outcome;
}
