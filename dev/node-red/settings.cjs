// Settings of the Node-RED that the demo and the tests start: loopback only, no downloads.
const path = require('node:path');

module.exports = {
  flowFile: 'flows.json',
  credentialSecret: process.env.NODE_RED_SECRET || 'for tests',
  // Node-RED loads a directory whose package.json has a node-red section as a package.
  nodesDir: path.join(__dirname, '../..'),
  uiHost: '127.0.0.1',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  functionExternalModules: false,
  // On disk: the count of today's posts, which cost money, must survive a restart.
  contextStorage: { default: { module: 'localfilesystem' } },
  editorTheme: {
    tours: false,
    projects: { enabled: false },
    page: { title: 'X to Kafka' },
    header: { title: 'X to Kafka' },
  },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
