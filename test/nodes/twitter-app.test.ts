import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Node } from 'node-red';
import type { AppService } from '../../nodes/twitter-app/app-service';
import appNode from '../../nodes/twitter-app/twitter-app';
import type { ConfigNode } from '../../src/node-red/node-context';
import { SharedApp } from '../../src/stream/app/shared-app';
import { helper } from './flow';

before(() => helper.startServer());
afterEach(() => helper.unload());
after(() => helper.stopServer());

async function load(def: object, bearerToken?: string): Promise<ConfigNode<AppService>> {
  const flow = [{ id: 'c-app', type: 'twitter-app', name: 'app', ...def }];
  await helper.load(appNode, flow as never, { 'c-app': { bearerToken } } as never);
  return helper.getNode('c-app') as Node as ConfigNode<AppService>;
}

test('twitter-app: valid settings -> the shared App for its nodes', async () => {
  const node = await load({ auth: 'bearer', baseUrl: 'http://127.0.0.1:9' }, 'Bearer abc%3D');
  assert.ok(node.service?.shared instanceof SharedApp);
  assert.deepEqual(node.users, {});
});

test('twitter-app: properties that an earlier version saved -> ignored', async () => {
  const node = await load({ auth: 'bearer', baseUrl: 'http://127.0.0.1:9', partitions: 'all' }, 'abc');
  assert.ok(node.service?.shared instanceof SharedApp);
});

test('twitter-app: invalid settings -> a Problem for its nodes, no exception', async () => {
  const cases: [object, string | undefined, RegExp][] = [
    [{}, undefined, /no bearer token/],
    [{}, '\u0024{NOT_SET_ANYWHERE}', /no bearer token|NOT_SET_ANYWHERE, which is not set/],
    [{ baseUrl: 'api.x.com' }, 'abc', /base URL “api.x.com”/],
    [{ auth: 'app' }, 'abc', /no API key/],
    [{ auth: 'oauth1' }, 'abc', /no API key/],
    [{ auth: 'oauth2' }, 'abc', /“oauth2” for “auth”/],
    [{ proxy: 'c-missing' }, 'abc', /http proxy/],
  ];
  for (const [def, token, sentence] of cases) {
    const node = await load(def, token);
    assert.equal(node.service, undefined);
    assert.match((node.problem as Error).message, sentence);
    await helper.unload();
  }
});
