// The outcome of each record, one line per event: ../journal.ts reads them. Each line is written at once, so the file
// survives kill -9, and the next Node-RED goes on in the same file.
const fs = require('node:fs');

const journals = new Map();

class Journal {
  constructor(path, firstId) {
    const before = fs.existsSync(path) ? fs.readFileSync(path, 'latin1') : '';
    this.file = fs.openSync(path, 'a');
    /** The number of the next record: it follows the last one that the node accepted, also in an earlier process. */
    this.next = nextId(before, firstId);
    /** Accepted in this process and not answered yet. */
    this.open = new Set();
    this.counts = { accepted: 0, done: 0, caught: 0, outputs: 0, fromDisk: 0 };
    // A line that the end of the process cut off must not run into the next one.
    this.#write(`${before && !before.endsWith('\n') ? '\n' : ''}S ${Date.now()}`);
  }

  accepted(id) {
    this.counts.accepted++;
    this.open.add(id);
    this.#write(`A ${id} ${Date.now()}`);
  }

  done(id) {
    this.counts.done++;
    this.open.delete(id);
    this.#write(`D ${id} ${Date.now()}`);
  }

  caught(id, text) {
    this.counts.caught++;
    this.open.delete(id);
    this.#write(`C ${id} ${Date.now()} ${text.replace(/\s+/g, ' ')}`);
  }

  /** @param form "whole": the message that was sent; "queued": a new message for a record from disk; else "broken" */
  output(id, { topic, partition, offset } = {}, form) {
    this.counts.outputs++;
    if (form === 'queued') this.counts.fromDisk++;
    this.#write(`O ${id} ${Date.now()} ${topic}/${partition} ${offset ?? -1} ${form}`);
  }

  /** The process ends in order. */
  end() {
    this.#write('E');
  }

  #write(line) {
    fs.writeSync(this.file, `${line}\n`);
  }
}

function nextId(text, firstId) {
  let last = firstId - 1;
  for (const [, id] of text.matchAll(/^A (\d+) /gm)) last = Math.max(last, Number(id));
  return last + 1;
}

process.on('exit', () => {
  for (const journal of journals.values()) journal.end();
});

/** The journal of this process in a file: it outlives the node that opened it, whose last records are answered later. */
module.exports.openJournal = (path, firstId) => {
  if (!journals.has(path)) journals.set(path, new Journal(path, firstId));
  return journals.get(path);
};
