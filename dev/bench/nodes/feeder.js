// Sends messages to a producer in one of two ways and measures its acknowledgements:
// - with a window: at most that many unacknowledged messages;
// - at a rate: each message when it is due.
const { performance } = require('node:perf_hooks');

// Messages per turn of the event loop, like the lines of one chunk of a stream.
const burst = 64;

class Feeder {
  /** @param emit sends one message; `acknowledge` gets back its argument */
  constructor(emit) {
    this.emit = emit;
    this.end = undefined;
  }

  /**
   * @param workload { count, window } or { count, rate (per second), from: 'due' | 'sent' }; latency counts from `from`
   * @returns { seconds, cpuSeconds, failed, problem, median, p99 }: `problem` is the first failure; latencies in ms
   */
  run(workload) {
    return new Promise((resolve) => {
      Object.assign(this, {
        workload,
        sent: 0,
        acknowledged: 0,
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
   * @param since the argument of `emit`, or undefined if acknowledgements cannot be attributed to messages
   * @param problem why the message failed; undefined if it was acknowledged
   */
  acknowledge(since, problem) {
    // A late acknowledgement of an earlier workload.
    if (!this.end || since < this.begin) return;
    this.acknowledged++;
    if (problem !== undefined) {
      this.failed++;
      this.problem ??= problem;
    }
    if (since !== undefined) this.delays.push(performance.now() - since);
    if (this.acknowledged < this.workload.count) {
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
        this.workload.window - (this.sent - this.acknowledged),
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
