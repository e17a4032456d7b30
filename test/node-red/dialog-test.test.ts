import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NodeAPI } from 'node-red';
import { type DialogTest, serveDialogTest } from '../../src/node-red/dialog-test';
import type { ReportedFinding } from '../../src/util/finding';
import { Problem } from '../../src/util/problem';

interface Answer {
  ok: boolean;
  lines: ReportedFinding[];
}
type Handler = (request: object, response: { json(body: Answer): void }) => Promise<void>;

/** The response of the endpoint to a test with these findings, as the browser parses it. */
async function answer(run: () => Promise<DialogTest>): Promise<Answer> {
  let handler: Handler | undefined;
  const RED = {
    _: (key: string) => key,
    auth: { needsPermission: () => undefined },
    httpAdmin: {
      post: (_path: string, _permission: unknown, handle: Handler) => {
        handler = handle;
      },
    },
  } as unknown as NodeAPI;
  serveDialogTest(RED, 'test-type', run);
  let body: Answer | undefined;
  await handler?.(
    { body: {} },
    {
      json: (sent) => {
        body = JSON.parse(JSON.stringify(sent)) as Answer;
      },
    },
  );
  assert.ok(body);
  return body;
}

const unreachable = new Problem('refused-connection', { place: 'kafka1:9092' });
const failed = new Problem('connection-failed', {}, { cause: unreachable });

test('dialog test: finding with a nested problem -> its keys, values and the sentence', async () => {
  const findings = [{ ok: false, says: failed }];
  assert.deepEqual(await answer(async () => ({ findings, secrets: [] })), {
    ok: false,
    lines: [
      {
        ok: false,
        text: failed.message,
        key: 'connection-failed',
        params: { cause: { key: 'refused-connection', params: { place: 'kafka1:9092' } } },
      },
    ],
  });
});

test('dialog test: error instead of findings -> one line with its key; unexpected ones too', async () => {
  const rejected = async (error: unknown): Promise<ReportedFinding | undefined> =>
    (await answer(() => Promise.reject(error))).lines[0];
  assert.equal((await rejected(unreachable))?.key, 'refused-connection');
  const unexpected = await rejected(new TypeError('what'));
  assert.deepEqual([unexpected?.key, unexpected?.params], ['unexpected', { cause: 'what' }]);
});

test('dialog test: secret in a number -> blanked, other numbers stay numbers', async () => {
  const says = new Problem('partition-missing', { topic: 't', count: 3, partition: 123456 });
  const { lines } = await answer(async () => ({ findings: [{ ok: true, says }], secrets: ['123456'] }));
  assert.deepEqual(lines[0]?.params, { topic: 't', count: 3, partition: '…' });
});

test('dialog test: any secret in values at any depth -> nowhere in the response', async () => {
  // Letters that no key and no name of a value has.
  const secret = fc.string({
    unit: fc.constantFrom('Ä', 'Ö', '"', '\\', '$', 'Q'),
    minLength: 4,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(secret, fc.string(), fc.nat(5), async (hidden, around, depth) => {
      let says = new Problem('broker-answered', {
        code: `${around}${hidden}`,
        cause: `${hidden}${around}${hidden}`,
      });
      for (let level = 0; level < depth; level++) {
        says = new Problem('admin-failed', { operation: hidden }, { cause: says });
      }
      const { lines } = await answer(async () => ({ findings: [{ ok: true, says }], secrets: [hidden] }));
      const strings: string[] = [];
      JSON.stringify(lines, (_, value) => (typeof value === 'string' ? strings.push(value) : value));
      assert.ok(strings.length > depth);
      for (const text of strings) assert.ok(!text.includes(hidden), text);
    }),
    { numRuns: 200 },
  );
});
