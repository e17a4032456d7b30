import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { check, until } from '../check';
import { tryExamples } from '../examples';
import { type Case, newestUser, stopping } from './case';

const others = ['node-red-contrib-kafkajs', 'node-red-contrib-kafka-suite', 'node-red-node-twitter'];
const ofOthers = [/^[^\]]*(kafkajs|kafka-suite|node-red-node-twitter|twitter-credentials)/];

const upload: Case = {
  name: 'upload',
  title: 'uploaded in the palette manager',
  async run(environment) {
    const user = newestUser(environment);
    await user.start();
    return stopping(user, async () => {
      const body = new FormData();
      body.set('tarball', await openAsBlob(environment.tarball), 'package.tgz');
      const response = await user.request('/nodes', { method: 'POST', body });
      check(response.ok, `POST /nodes: ${response.status} ${await response.text()}`);
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      return `${count} records read back`;
    });
  },
};

const omitOptional: Case = {
  name: 'omit-optional',
  title: 'without optional packages (`--omit=optional`)',
  async run(environment) {
    const user = newestUser(environment);
    await user.install(undefined, ['--omit=optional']);
    await user.start();
    return stopping(user, async () => {
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      for (const compression of ['snappy', 'lz4']) {
        await user.deploy([
          { id: 'm-tab', type: 'tab', label: 'compression' },
          { id: 'm-cluster', type: 'kafka-cluster', brokers: environment.broker.brokers },
          { id: 'm-out', type: 'kafka-out', z: 'm-tab', cluster: 'm-cluster', topic: 'tweets', compression },
        ]);
        const sentence = `Compression ${compression} is not available on`;
        await until(() => user.nodeRed.log().includes(sentence), `"${sentence}" in the log`);
      }
      return `${count} records read back; snappy and lz4 say that they are not available`;
    });
  },
};

const beside: Case = {
  name: 'beside',
  title: `beside ${others.join(', ')}`,
  async run(environment) {
    const user = newestUser(environment);
    const installed: string[] = [];
    const missing: string[] = [];
    for (const name of others) {
      try {
        await user.install([name], ['--ignore-scripts']);
        installed.push(name);
      } catch (error) {
        check(/\bE404\b/.test(String((error as { stderr?: string }).stderr)), (error as Error).message);
        missing.push(name);
      }
    }
    await user.install();
    await user.start();
    return stopping(user, async () => {
      await user.checkTypes();
      for (const name of installed) check((await user.loaded(name)).length > 0, `${name} did not load`);
      const count = await tryExamples(environment, user, ofOthers);
      const left = missing.length > 0 ? `; npm no longer has ${missing.join(', ')}` : '';
      return `${count} records read back; the nodes of ${installed.join(', ')} load too${left}`;
    });
  },
};

const offline: Case = {
  name: 'offline',
  title: 'installed from the npm cache without network (`--offline`)',
  async run(environment) {
    const cache = `--cache=${join(environment.dir, 'cache')}`;
    await newestUser(environment).install(undefined, [cache]);
    const user = newestUser(environment);
    await user.install(undefined, [cache, '--offline']);
    await user.start();
    return stopping(user, async () => {
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      return `${count} records read back`;
    });
  },
};

export const installationCases = [upload, omitOptional, beside, offline];
