// Settings of the Node-RED that dev/stream/deploys.ts starts: this project's nodes, plus the recorder.
const path = require('node:path');
const base = require('../node-red/settings.cjs');

module.exports = { ...base, nodesDir: [base.nodesDir, path.join(__dirname, 'nodes')] };
