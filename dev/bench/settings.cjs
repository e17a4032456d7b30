// The Node-RED of a measurement: the packages that BENCH_PACKAGES names (folders), and nothing else.
const path = require('node:path');
const base = require('../node-red/settings.cjs');

module.exports = { ...base, nodesDir: (process.env.BENCH_PACKAGES ?? '').split(path.delimiter) };
