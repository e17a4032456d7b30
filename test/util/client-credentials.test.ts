import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { requestToken } from '../../src/util/client-credentials';

let server: Server;
let url: string;
let respond: (response: ServerResponse) => void;
before(async () => {
  server = createServer((_request, response) => respond(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const request = (timeoutMs = 10_000) => requestToken({ url, clientId: 'me', clientSecret: 's' }, timeoutMs);

test('requestToken: an answer of any status -> its parts', async () => {
  respond = (response) =>
    response.writeHead(403, { 'x-limit': '5' }).end('{"access_token":"a b","error":"no"}');
  const { headers, ...answer } = await request();
  assert.equal(headers['x-limit'], '5');
  const text = '{"access_token":"a b","error":"no"}';
  const fields = { access_token: 'a b', error: 'no' };
  assert.deepEqual(answer, { status: 403, text, fields, token: undefined });
});

test('requestToken: a response that is not a JSON object -> no fields', async () => {
  for (const text of ['', '<html>', 'null', '5']) {
    respond = (response) => response.end(text);
    assert.deepEqual(Object.keys((await request()).fields), [], text);
  }
});

test('requestToken: no answer, or half an answer, in time -> no-answer-within', async () => {
  const halves: Array<typeof respond> = [() => {}, (response) => response.write('{"access_token":')];
  for (respond of halves) await assert.rejects(request(50), { key: 'no-answer-within' });
});

test('requestToken: a connection that breaks -> the error of Node.js', async () => {
  const breaks: Array<typeof respond> = [
    (response) => response.destroy(),
    (response) => response.write('{', () => response.destroy()),
  ];
  for (respond of breaks) await assert.rejects(request(), { code: 'ECONNRESET' });
});
