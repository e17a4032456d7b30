// The two sides of a node that is measured, and the baseline: a node that only passes on.
const { readFileSync } = require('node:fs');

// As many messages come in one turn of the event loop as a chunk of a stream may hold.
const burst = 64;
// What the sink tells: a message has come through.
let arrived = () => {};

module.exports = (RED) => {
  function Feed(def) {
    RED.nodes.createNode(this, def);
    const samples = readFileSync(def.messages, 'utf8')
      .split('\n')
      .map((raw) => ({ raw, payload: JSON.parse(raw) }));
    RED.httpAdmin.get('/classifier-bench', (_request, response) => response.sendStatus(200));
    // POST /classifier-bench { output, count }: so many messages by that output, answered with the nanoseconds
    // of processor time for each: other programs on the machine disturb it less than the time on the clock.
    RED.httpAdmin.post('/classifier-bench', async (request, response) => {
      response.json(await run(this, samples, request.body));
    });
  }

  function PassThrough(def) {
    RED.nodes.createNode(this, def);
    this.on('input', (msg, send, done) => {
      send(msg);
      done();
    });
  }

  function Sink(def) {
    RED.nodes.createNode(this, def);
    this.on('input', (_msg, _send, done) => {
      done();
      arrived();
    });
  }

  RED.nodes.registerType('bench-feed', Feed);
  RED.nodes.registerType('bench-pass-through', PassThrough);
  RED.nodes.registerType('bench-sink', Sink);
};

function nanosecondsSince(begin) {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) * 1000;
}

function run(feed, samples, { output, count }) {
  return new Promise((resolve) => {
    const outputs = new Array(output + 1).fill(null);
    let sent = 0;
    let waiting = 0;
    const begin = process.cpuUsage();
    const send = () => {
      while (waiting < burst && sent < count) {
        const { raw, payload } = samples[sent % samples.length];
        outputs[output] = { payload, raw };
        sent++;
        waiting++;
        feed.send(outputs);
      }
    };
    arrived = () => {
      waiting--;
      if (waiting > 0) return;
      if (sent < count) setImmediate(send);
      else resolve({ nanoseconds: nanosecondsSince(begin) / count });
    };
    send();
  });
}
