// Writes the outcome of each record, one line per event. What is buffered is written when the process exits, too.
const fs = require('node:fs');

const flushMs = 50;

class Journal {
  constructor(path) {
    this.file = fs.openSync(path, 'a');
    this.lines = [];
    this.counts = { accepted: 0, done: 0, caught: 0 };
    this.timer = setInterval(() => this.flush(), flushMs);
    this.atExit = () => this.flush();
    process.on('exit', this.atExit);
  }

  accepted(id) {
    this.counts.accepted++;
    this.lines.push(`A ${id} ${Date.now()}\n`);
  }

  done(id) {
    this.counts.done++;
    this.lines.push(`D ${id} ${Date.now()}\n`);
  }

  caught(id, text) {
    this.counts.caught++;
    this.lines.push(`C ${id} ${Date.now()} ${text.replace(/\s+/g, ' ')}\n`);
  }

  output(id, { topic, partition, offset } = {}) {
    this.lines.push(`O ${id} ${topic}/${partition} ${offset ?? -1}\n`);
  }

  flush() {
    if (this.lines.length > 0) fs.writeSync(this.file, this.lines.splice(0).join(''));
  }

  close() {
    clearInterval(this.timer);
    process.off('exit', this.atExit);
    this.flush();
    fs.closeSync(this.file);
  }
}

module.exports = { Journal };
