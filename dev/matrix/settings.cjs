// Settings of a user's Node-RED: packages come from the user folder, and the palette manager may install.
const base = require('../node-red/settings.cjs');

const { nodesDir, contextStorage, ...rest } = base;
const palette = { allowInstall: true, allowUpload: true };

// A bearer token is the name of its user: "admin", or "reader" without write permission.
const users = {
  admin: { username: 'admin', permissions: '*' },
  reader: { username: 'reader', permissions: 'read' },
};
const adminAuth = { type: 'credentials', users: [], tokens: async (token) => users[token] ?? null };

module.exports = {
  ...rest,
  ...(process.env.MATRIX_NODES ? { nodesDir: process.env.MATRIX_NODES } : {}),
  ...(process.env.MATRIX_AUTH ? { adminAuth } : {}),
  externalModules: { ...rest.externalModules, palette },
  ...JSON.parse(process.env.MATRIX_SETTINGS || '{}'),
};
