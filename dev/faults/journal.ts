import { readFileSync } from 'node:fs';

/** What became of one record, by the journal; times are epoch milliseconds. */
export interface Fate {
  taken?: number;
  /** Each `done` without an error. */
  done: number[];
  /** Each error handed to a Catch node. */
  caught: { at: number; text: string }[];
  /** Each time it came out of the node's output: "topic/partition", and the offset, -1 where none was told. */
  outputs: { place: string; offset: number }[];
}

/** The fates of a load's records, by their number. */
export type Fates = Map<number, Fate>;

/** Reads the journal of a load; a last line that was cut off is left out. */
export function readJournal(path: string): Fates {
  const fates: Fates = new Map();
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) {
    const [event, number, ...rest] = line.split(' ');
    const fate = fateOf(fates, Number(number));
    if (event === 'T') fate.taken = Number(rest[0]);
    if (event === 'D') fate.done.push(Number(rest[0]));
    if (event === 'C') fate.caught.push({ at: Number(rest[0]), text: rest.slice(1).join(' ') });
    if (event === 'O') fate.outputs.push({ place: rest[0] ?? '', offset: Number(rest[1]) });
  }
  return fates;
}

function fateOf(fates: Fates, id: number): Fate {
  let fate = fates.get(id);
  if (!fate) {
    fate = { done: [], caught: [], outputs: [] };
    fates.set(id, fate);
  }
  return fate;
}
