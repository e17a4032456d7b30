// Records an outcome of the node under test: a message from its output, its Complete node or its Catch node.
const { loads } = require('./fault-load');

module.exports = (RED) => {
  function FaultAnswer(def) {
    RED.nodes.createNode(this, def);
    this.on('input', (msg, _send, done) => {
      const load = loads.get(def.load);
      if (load) recordOutcome(load, def.answer, msg);
      done();
    });
  }
  RED.nodes.registerType('fault-answer', FaultAnswer);
};

function recordOutcome(load, answer, msg) {
  const { fault } = msg;
  if (fault === undefined) {
    // The response to a command.
    if (answer === 'output') load.counters = msg.payload;
    return;
  }
  if (answer === 'caught') load.journal.caught(fault, msg.error.message);
  if (answer === 'output') load.journal.output(fault, msg.kafka);
  if (answer === load.acknowledgedBy) load.journal.done(fault);
}
