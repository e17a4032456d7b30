// Reports over HTTP at /matrix-probe what the process holds.
const fs = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

module.exports = (RED) => {
  function MatrixProbe(def) {
    RED.nodes.createNode(this, def);
  }
  RED.nodes.registerType('matrix-probe', MatrixProbe);

  RED.httpAdmin.get('/matrix-probe', (_request, response) => {
    v8.setFlagsFromString('--expose-gc');
    vm.runInNewContext('gc')();
    response.json({
      heap: process.memoryUsage().heapUsed,
      handles: process.getActiveResourcesInfo().length,
      files: process.platform === 'linux' ? fs.readdirSync('/proc/self/fd').length : 0,
      listeners: listenersOf(process) + listenersOf(RED.events),
    });
  });
};

function listenersOf(emitter) {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}
