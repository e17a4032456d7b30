import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { StreamReader } from '../../../src/stream/connect/stream-reader';
import { sourceKinds } from '../../../src/stream/source-kind';
import type { XFailure } from '../../../src/stream/x/failure';
import { until } from '../../until';
import { answer, startXServer } from '../x-server';

const token = 'AAAA+bbb/ccc=';
const forms = [token, encodeURIComponent(token)];
const repeated = forms.join(' ');
const errorLine = JSON.stringify({
  title: `Bearer ${repeated}`,
  type: `https://api.x.com/2/problems/${token}`,
  detail: repeated,
  errors: [{ message: repeated }],
});

const open = (response: ServerResponse, text: string): void => {
  response.writeHead(200);
  response.write(text);
};

const cases: [string, (response: ServerResponse) => void][] = [
  ['401 with its words', (response) => answer(response, 401, errorLine)],
  ['403 with a page', (response) => answer(response, 403, `<html>${repeated}</html>`)],
  ['503 with a page', (response) => answer(response, 503, repeated)],
  [
    '400 with a parameter',
    (response) => answer(response, 400, { errors: [{ parameters: { [token]: [token] } }] }),
  ],
  ['200 with a page', (response) => answer(response, 200, `<p>${repeated}`, { 'content-type': 'text/html' })],
  ['200 that is not JSON', (response) => response.end(`${repeated}\r\n`)],
  ['an error in the stream', (response) => response.end(`{"data":{"id":"1"}}\r\n${errorLine}\r\n`)],
  ['a line that is not JSON', (response) => response.end(`{"data":{"id":"1"}}\r\n{${repeated}\r\n`)],
  [
    'a line that is cut',
    (response) => {
      open(response, `{"data":{"id":"1"}}\r\n{"a":"${repeated}`);
      setImmediate(() => response.destroy());
    },
  ],
  [
    'a line that is too long',
    (response) => response.end(`{"data":{"id":"1"}}\r\n{"a":"${repeated.repeat(400)}"}\r\n`),
  ],
];

for (const [name, respond] of cases) {
  test(`secrets: ${name} repeats the token -> no failure and no line has it`, async (t) => {
    const x = await startXServer();
    t.after(() => x.close());
    x.onStream = (_request, response) => respond(response);
    const seen: unknown[] = [];
    const ends: XFailure[] = [];
    const reader = new StreamReader(
      {
        app: { baseUrl: x.url, bearerToken: token },
        kind: sourceKinds.filtered,
        request: { version: 2, method: 'GET', path: 'tweets/search/stream', parameters: {} },
        connectTimeoutMs: 30_000,
        stallTimeoutMs: 30_000,
        maxLineBytes: 4096,
      },
      {
        onAnswer: () => {},
        onOpen: () => {},
        onLine: (line) => seen.push(String(line.text), line.problem?.message),
        onAlive: () => {},
        onLineCut: (bytes) => seen.push(bytes.toString()),
        onEnd: (failure) => ends.push(failure),
      },
    );
    t.after(() => reader.close());
    await until(() => ends.length > 0, 'the end');
    const [failure] = ends;
    seen.push(failure?.message, failure?.params, failure?.reason, failure?.invalid, failure?.body);
    for (const form of forms) assert.ok(!JSON.stringify(seen).includes(form), JSON.stringify(seen));
    // The test would find nothing if the server had sent nothing.
    assert.match(JSON.stringify(seen), /…/);
  });
}
