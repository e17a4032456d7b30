// Sends numbered records at a rate and journals what the node under test does with them. The runner controls all loads
// over HTTP at /faults.
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const { openJournal } = require('./journal');
const fakeDns = require('./fake-dns');

const tickMs = 20;
// A busy process sends late records in a burst, but not more than this much time's worth.
const catchUpMs = 500;
// A second process on the same user folder numbers its records from here, and keeps its own journal.
const firstId = Number(process.env.FAULTS_FIRST_ID ?? 0);
const loads = new Map();
// By the id of the node that receives or sends a message.
const onReceive = new Map();
const onSend = new Map();
const peak = { rss: 0, heap: 0 };

module.exports = (RED) => {
  function FaultLoad(def) {
    RED.nodes.createNode(this, def);
    const journal = openJournal(firstId > 0 ? `${def.journal}-${firstId}` : def.journal, firstId);
    const load = {
      ...{ journal, acknowledgedBy: def.acknowledgedBy, outputIsAck: def.outputIsAck },
      ...{ rate: def.rate, responses: {} },
      command: (action) => this.send({ action }),
    };
    loads.set(this.id, load);
    watch(load, def.targets[0]);
    let due = 0;
    let before = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      due += (load.rate * Math.min(now - before, catchUpMs)) / 1000;
      before = now;
      for (; due >= 1; due--) this.send(message(def, journal.next++));
    }, tickMs);
    this.on('close', () => clearInterval(timer));
  }
  RED.nodes.registerType('fault-load', FaultLoad);

  // Hooks, because Node-RED delivers nothing from a closing node to others, but the outcomes of its records count.
  RED.hooks.add('onReceive.faults', ({ msg, destination }) => {
    const id = recordOf(msg);
    if (id !== undefined) onReceive.get(destination.id)?.(id, msg);
  });
  RED.hooks.add('onSend.faults', (events) => {
    for (const { msg, source } of events) onSend.get(source.id)?.(msg);
  });

  RED.httpAdmin.get('/faults', (_request, response) => {
    const { rss } = process.memoryUsage();
    const all = [...loads].map(([id, load]) => [id, stateOf(load)]);
    response.json({ rss, peak, loads: Object.fromEntries(all) });
  });
  RED.httpAdmin.get('/faults/resources', (_request, response) => response.json(resources()));
  RED.httpAdmin.post('/faults', (request, response) => {
    const { rate, action, unresolvable } = request.body;
    if (unresolvable) fakeDns.unresolvable(unresolvable);
    for (const load of loads.values()) {
      if (rate !== undefined) load.rate = rate;
      if (action) load.command(action);
    }
    response.json({});
  });
};

/** What the process holds now: bytes of heap in use, and how many of each kind of handle, timer and request. */
function resources() {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  if (process.platform === 'linux') counts['open file'] = fs.readdirSync('/proc/self/fd').length;
  return { heap: process.memoryUsage().heapUsed, counts };
}

function stateOf({ journal, outputIsAck, responses }) {
  const { counts, open } = journal;
  const acked = outputIsAck ? counts.outputs : counts.done;
  return { ...counts, acked, open: open.size, counters: responses.status, responses };
}

/** Journals what goes into the node under test, and what it answers. */
function watch(load, target) {
  const { journal, acknowledgedBy } = load;
  onReceive.set(target, (id) => {
    journal.accepted(id);
    // Without an acknowledgement an accepted record counts as delivered.
    if (acknowledgedBy === 'nothing') journal.done(id);
  });
  onReceive.set(`${target}-complete`, (id) => {
    if (acknowledgedBy === 'done') journal.done(id);
  });
  onReceive.set(`${target}-catch`, (id, msg) => journal.caught(id, msg.error.message));
  onSend.set(target, (msg) => recordOutput(load, msg));
}

function message(def, id) {
  const large = def.largeEvery > 0 && id % def.largeEvery === def.largeEvery - 1;
  const record = {
    value: `${id}:`.padEnd(large ? def.largeBytes : def.bytes, 'x'),
    key: def.keys > 0 ? `key ${id % def.keys}` : undefined,
    topic: def.topics[id % def.topics.length],
  };
  const msg = { _msgid: `fault-${id}`, fault: id };
  for (const [property, field] of Object.entries(def.message)) msg[property] = record[field];
  return msg;
}

/** The number of a message's record. A message for a record from disk has the id of the message that was sent. */
function recordOf({ fault, _msgid }) {
  const id = /^fault-(\d+)$/.exec(_msgid ?? '')?.[1];
  return fault ?? (id && Number(id));
}

function recordOutput({ acknowledgedBy, journal, responses }, msg) {
  const id = recordOf(msg);
  if (id === undefined) {
    responses[msg.action] = msg.payload ?? null;
    return;
  }
  const whole = typeof msg.payload === 'string' && msg.payload.startsWith(`${id}:`);
  const incomplete = msg.kafka?.queued === true ? 'queued' : 'broken';
  journal.output(id, msg.kafka, whole ? 'whole' : incomplete);
  if (acknowledgedBy === 'output') journal.done(id);
}

setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  peak.rss = Math.max(peak.rss, rss);
  peak.heap = Math.max(peak.heap, heapUsed);
}, 200).unref();
