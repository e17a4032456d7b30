import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gapsOf, idAt, setUpRecovery } from './recovery-setup';

const minute = 60_000;

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'recovery-'));

test('restart: during a search -> the next process searches for both outages', async (t) => {
  const { subscribe, outage, until, restart, searches, clock, archive } = await setUpRecovery(t, {
    folder: newFolder(),
  });
  const a = subscribe('a', { recover: 'search' });
  await a.connected();
  const missed = idAt(clock.now + 1000);
  archive['rule of a'] = [missed];
  await outage(minute);
  await clock.advance(10_000);
  await restart();
  const again = subscribe('a', { recover: 'search' });
  await until(() => gapsOf(again).length === 2, 'both events');
  const [first, second] = gapsOf(again);
  assert.ok(first && second && first.to < second.from + 11_000);
  assert.deepEqual([first.recovered, second.recovered, second.cause], [1, 0, 'restart']);
  assert.deepEqual(again.ids, [missed]);
  assert.equal(searches().length, 2);
  assert.deepEqual(gapsOf(a), []);
  await outage(minute);
  await until(() => gapsOf(again).length === 3, 'the event of the next outage');
});

test('restart: during a backfill -> the outage is reported once, as not fetched', async (t) => {
  const { subscribe, outage, until, restart, clock } = await setUpRecovery(t, { folder: newFolder() });
  const a = subscribe('a', { recover: 'backfill' });
  await a.connected();
  await outage(minute);
  await clock.advance(1000);
  await restart();
  const again = subscribe('a', { recover: 'backfill' });
  await until(() => gapsOf(again).length === 2, 'both events');
  const [first, second] = gapsOf(again);
  assert.match(first?.notRecovered?.join() ?? '', /restarted/);
  assert.equal(second?.cause, 'restart');
});

test('restart: node removed during a search -> no event of that outage for the other node', async (t) => {
  const { subscribe, outage, until, restart, stream, clock } = await setUpRecovery(t, {
    folder: newFolder(),
  });
  const a = subscribe('a', { recover: 'search' });
  const b = subscribe('b');
  await b.connected();
  await outage(minute);
  await clock.advance(1000);
  stream.unregister('a', 'removed');
  await clock.advance(60_000);
  await restart();
  const again = subscribe('b', { recover: 'search' });
  await until(() => gapsOf(again).length === 1, 'the event of the restart');
  await clock.advance(60_000);
  assert.deepEqual([gapsOf(again).length, gapsOf(again)[0]?.cause, gapsOf(a)], [1, 'restart', []]);
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
