import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gapsOf, setUpRecovery } from './recovery-setup';

const minute = 60_000;

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'recovery-'));

test('restart: during a search -> each outage is reported once, by the next process', async (t) => {
  const { subscribe, outage, until, restart, searches, clock } = await setUpRecovery(t, {
    folder: newFolder(),
  });
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  await outage(minute);
  await clock.advance(10_000);
  await restart();
  const again = subscribe('a', { recover: 'search' });
  await until(() => gapsOf(again).length === 2, 'both events');
  const [first, second] = gapsOf(again);
  assert.ok(first && second && first.to < second.from + 11_000);
  assert.match(first.notRecovered?.join() ?? '', /restarted/);
  assert.equal(second.cause, 'restart');
  assert.equal(second.notRecovered?.length, 1);
  assert.equal(searches().length, 1);
  assert.deepEqual(gapsOf(a), []);
  await outage(minute);
  await until(() => gapsOf(again).length === 3, 'the event of the next outage');
});

test('restart: after a stop by the user during a search -> no event of that outage', async (t) => {
  const { subscribe, outage, until, restart, stream, clock } = await setUpRecovery(t, {
    folder: newFolder(),
  });
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  await outage(minute);
  stream.unregister('a', 'stop');
  await restart();
  const again = subscribe('a', { recover: 'search' });
  await again.connected();
  const since = clock.now;
  await outage(minute);
  await until(() => gapsOf(again).some(({ to }) => to > since), 'the event of the next outage');
  assert.equal(gapsOf(again).length, 1);
});
