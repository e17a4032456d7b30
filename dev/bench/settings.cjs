// Settings of the Node-RED of a benchmark: loads only the package directories in BENCH_PACKAGES.
const path = require('node:path');
const base = require('../node-red/settings.cjs');

module.exports = { ...base, nodesDir: (process.env.BENCH_PACKAGES ?? '').split(path.delimiter) };
