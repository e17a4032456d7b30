// Settings of the Node-RED that demo and tests start: its own folder, loopback only, nothing fetched from elsewhere.
const path = require('node:path');

module.exports = {
  flowFile: 'flows.json',
  credentialSecret: process.env.NODE_RED_SECRET || 'for tests',
  // A folder with a package.json that has a node-red section is loaded as that package.
  nodesDir: path.join(__dirname, '../..'),
  uiHost: '127.0.0.1',
  telemetry: { enabled: false, updateNotification: false },
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  functionExternalModules: false,
  // What counts money (posts of today) survives a restart.
  contextStorage: { default: { module: 'localfilesystem' } },
  editorTheme: {
    tours: false,
    projects: { enabled: false },
    page: { title: 'X to Kafka' },
    header: { title: 'X to Kafka' },
  },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
