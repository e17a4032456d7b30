// Writes down an answer: from the output of the node under test, its Complete node, or its Catch node.
const { loads } = require('./fault-load');

module.exports = (RED) => {
  function FaultAnswer(def) {
    RED.nodes.createNode(this, def);
    this.on('input', (msg, _send, done) => {
      const load = loads.get(def.load);
      if (load && msg.fault === undefined) note(load, def.answer, msg);
      else load?.journal[def.answer](msg.fault, def.answer === 'caught' ? msg.error.message : msg.kafka);
      done();
    });
  }
  RED.nodes.registerType('fault-answer', FaultAnswer);
};

/** The answer to a command. */
function note(load, answer, msg) {
  if (answer === 'output') load.counters = msg.payload;
}
