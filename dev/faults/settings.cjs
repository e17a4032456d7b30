// Settings of the Node-RED under test: this project's nodes or one other package, plus the load.
const path = require('node:path');
const base = require('../node-red/settings.cjs');

const load = path.join(__dirname, 'nodes');

module.exports = { ...base, nodesDir: [process.env.FAULTS_PACKAGE || base.nodesDir, load] };
