// The source and the sink around the measured node, and the baseline: a node that only passes messages on.
const { readFileSync } = require('node:fs');

// Messages per turn of the event loop, like the lines of one chunk of a stream.
const burst = 64;
// The sink calls this for each message.
let arrived = () => {};

module.exports = (RED) => {
  function Feed(def) {
    RED.nodes.createNode(this, def);
    const samples = readFileSync(def.messages, 'utf8')
      .split('\n')
      .map((raw) => ({ raw, payload: JSON.parse(raw) }));
    RED.httpAdmin.get('/classifier-bench', (_request, response) => response.sendStatus(200));
    // POST /classifier-bench { output, count } sends `count` messages to an output and responds with the CPU time per
    // message in nanoseconds: other programs disturb it less than the elapsed time.
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
