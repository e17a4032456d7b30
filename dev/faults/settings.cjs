// The Node-RED that is put through faults: this project's nodes or one other package, and the load.
const path = require('node:path');
const base = require('../node-red/settings.cjs');

const load = path.join(__dirname, 'nodes');

module.exports = { ...base, nodesDir: [process.env.FAULTS_PACKAGE || base.nodesDir, load] };
