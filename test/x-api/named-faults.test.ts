import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FaultName, faultNames, namedFaults } from '../../dev/x-api/faults/named';
import { startXApi } from '../../dev/x-api/server';
import { callApi, STREAM, StreamClient, until } from './client';

for (const name of faultNames.filter((each) => namedFaults[each].kind === 'answer'))
  test(`fault ${name} -> its status, and a body of X unless it is a page`, async () => {
    const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }], faults: [namedFaults[name]] });
    const { status, body } = await callApi(api, STREAM);
    assert.equal(status, Number(name.slice(-3)));
    const own = typeof body === 'object' && ['title', 'type', 'detail', 'errors'].some((key) => key in body);
    assert.equal(own, !name.startsWith('page-'));
    const next = await StreamClient.open(api);
    assert.equal(next.response.statusCode, 200);
    next.close();
    await api.close();
  });

const lines: [name: FaultName, closes: boolean][] = [
  ['operational-disconnect', true],
  ['operational-disconnect-open', false],
  ['too-many-connections-line', false],
  ['usage-cap-line', true],
  ['spend-cap-line', true],
];
for (const [name, closes] of lines)
  test(`fault ${name} -> a line, stream ${closes ? 'ends' : 'stays open'}`, async () => {
    const fault = { ...namedFaults[name], afterMs: 0 };
    const api = await startXApi({ rate: 0, keepAliveMs: 5, rules: [{ value: 'cat' }], faults: [fault] });
    const client = await StreamClient.open(api);
    await until(() => client.lines.length === 1, 'the line');
    assert.ok(client.messages[0].errors || client.messages[0].connection_issue);
    if (closes) await until(() => client.ended, 'the end');
    else {
      const count = client.pieces.length;
      await until(() => client.pieces.length > count + 3, 'keep-alives');
      assert.equal(client.ended, false);
    }
    client.close();
    await api.close();
  });
