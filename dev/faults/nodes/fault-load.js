// Sends numbered records at a rate and journals which of them the node under test received. The runner controls
// all loads over HTTP at /faults.
const { Journal } = require('./journal');
const fakeDns = require('./fake-dns');

const tickMs = 20;
// A busy process sends late records in a burst, but not more than this much time's worth.
const catchUpMs = 500;
const loads = new Map();
const peak = { rss: 0, heap: 0 };

module.exports = (RED) => {
  function FaultLoad(def) {
    RED.nodes.createNode(this, def);
    const load = {
      targets: def.targets,
      acknowledgedBy: def.acknowledgedBy,
      journal: new Journal(def.journal),
      rate: def.rate,
      counters: undefined,
      requestStatus: () => this.send({ action: 'status' }),
    };
    loads.set(this.id, load);
    let next = 0;
    let due = 0;
    let before = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      due += (load.rate * Math.min(now - before, catchUpMs)) / 1000;
      before = now;
      for (; due >= 1; due--) this.send(message(def, next++));
    }, tickMs);
    this.on('close', (done) => {
      clearInterval(timer);
      load.journal.close();
      loads.delete(this.id);
      done();
    });
  }
  RED.nodes.registerType('fault-load', FaultLoad);

  // Counts what the node receives: Node-RED drops messages for a node that a deploy is replacing.
  RED.hooks.add('onReceive.faults', ({ msg, destination }) => {
    if (msg.fault === undefined) return;
    for (const load of loads.values()) {
      if (!load.targets.includes(destination.id)) continue;
      load.journal.accepted(msg.fault);
      // Without an acknowledgement an accepted record counts as delivered.
      if (load.acknowledgedBy === 'nothing') load.journal.done(msg.fault);
    }
  });

  RED.httpAdmin.get('/faults', (_request, response) => {
    const { rss, heapUsed } = process.memoryUsage();
    const all = [...loads].map(([id, { journal, counters }]) => [id, { ...journal.counts, counters }]);
    response.json({ rss, heapUsed, peak, loads: Object.fromEntries(all) });
  });
  RED.httpAdmin.post('/faults', (request, response) => {
    const { rate, requestStatus, unresolvable } = request.body;
    if (unresolvable) fakeDns.unresolvable(unresolvable);
    for (const load of loads.values()) {
      if (rate !== undefined) load.rate = rate;
      if (requestStatus) load.requestStatus();
    }
    response.json({});
  });
};

module.exports.loads = loads;

function message(def, id) {
  const large = def.largeEvery > 0 && id % def.largeEvery === def.largeEvery - 1;
  const record = {
    value: `${id}:`.padEnd(large ? def.largeBytes : def.bytes, 'x'),
    key: def.keyed ? `key ${id % 50}` : undefined,
    topic: def.topics[id % def.topics.length],
  };
  const msg = { fault: id };
  for (const [property, field] of Object.entries(def.message)) msg[property] = record[field];
  return msg;
}

setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  peak.rss = Math.max(peak.rss, rss);
  peak.heap = Math.max(peak.heap, heapUsed);
}, 200).unref();
