// Feeds a producer with messages, in one of two ways, and measures how it answers:
// - with a window: as fast as it answers, so many messages unanswered at most;
// - at a rate: each message when it is due.
const { performance } = require('node:perf_hooks');

// One turn of the event loop hands on no more than this, as a stream's chunk of bytes does.
const burst = 64;

class Feeder {
  /** @param emit hands one message on; what it is given comes back in `answer` */
  constructor(emit) {
    this.emit = emit;
    this.end = undefined;
  }

  /**
   * @param workload { count, window } or { count, rate (a second), from: 'due' | 'sent' }: what a delay is counted from
   * @returns { seconds, cpuSeconds, failed, problem, median, p99 }: of the failures the first; the last two in milliseconds
   */
  run(workload) {
    return new Promise((resolve) => {
      Object.assign(this, {
        workload,
        sent: 0,
        answered: 0,
        failed: 0,
        problem: undefined,
        delays: [],
        pumping: false,
      });
      this.cpu = process.cpuUsage();
      this.begin = performance.now();
      this.end = () => resolve(this.outcome());
      if (workload.rate) this.tick();
      else this.pump();
    });
  }

  /**
   * @param since what `emit` was given, or undefined where the answers cannot be told apart
   * @param problem why the message failed; absent: it did not
   */
  answer(since, problem) {
    // A late answer to what was sent before this workload.
    if (!this.end || since < this.begin) return;
    this.answered++;
    if (problem !== undefined) {
      this.failed++;
      this.problem ??= problem;
    }
    if (since !== undefined) this.delays.push(performance.now() - since);
    if (this.answered < this.workload.count) {
      if (this.workload.window) this.pump();
      return;
    }
    const { end } = this;
    this.end = undefined;
    end();
  }

  pump() {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      const room = Math.min(
        this.workload.window - (this.sent - this.answered),
        this.workload.count - this.sent,
        burst,
      );
      for (let left = room; left > 0; left--) this.send(performance.now());
      if (this.end && room === burst) this.pump();
    });
  }

  tick() {
    const { count, rate, from } = this.workload;
    const now = performance.now();
    const step = 1000 / rate;
    for (; this.sent < count; ) {
      const due = this.begin + this.sent * step;
      if (due > now) break;
      this.send(from === 'due' ? due : performance.now());
    }
    if (this.sent < count) setTimeout(() => this.tick(), 1);
  }

  send(since) {
    this.sent++;
    this.emit(since);
  }

  outcome() {
    const { user, system } = process.cpuUsage(this.cpu);
    const sorted = this.delays.sort((a, b) => a - b);
    const share = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
    return {
      seconds: (performance.now() - this.begin) / 1000,
      cpuSeconds: (user + system) / 1e6,
      failed: this.failed,
      problem: this.problem,
      median: share(0.5),
      p99: share(0.99),
    };
  }
}

module.exports = { Feeder };
