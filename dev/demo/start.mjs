// npm start: installs and builds what a fresh clone needs, then runs the demo.
import { createRequire } from 'node:module';
import { build, checkNode, install, runMain } from '../bootstrap.mjs';

runMain(async () => {
  checkNode();
  await install(console.log);
  console.log('Building …');
  await build();
  const require = createRequire(import.meta.url);
  require('tsx/cjs/api').register();
  await require('./main.ts').main();
});
