import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endChild, endWithParent, hasExited } from '../../dev/kafka/child-processes';
import { temporaryDirectory } from '../../dev/kafka/data-directory';
import { ensureJars } from '../../dev/kafka/jars';
import { findJava } from '../../dev/kafka/java';
import { Jvm } from '../../dev/kafka/jvm';
import { fetchMetadata, type Metadata } from '../../dev/kafka/metadata';
import { forgetProcess, recordProcess } from '../../dev/kafka/orphan-processes';
import { freePorts } from '../../dev/kafka/ports';
import { runCommand } from '../../dev/kafka/run-command';
import { root } from '../../dev/paths';
import { OPERATIONS } from '../../src/kafka/admin/operations';
import { until } from '../until';

const page = readFileSync(join(root, 'docs', 'kafka-service.md'), 'utf8');
const unit = readFileSync(join(root, 'docs', 'kafka.service'), 'utf8');

if (spawnSync('systemd-analyze', ['--version']).status === 0) {
  test('kafka.service: systemd-analyze verify -> exit code 0, no output', () => {
    const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-unit-'));
    try {
      const file = join(dir, 'kafka.service');
      const copy = unit
        .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`)
        .replace(
          /^(User|Group)=.*$/gm,
          (_line, key) => `${key}=${key === 'User' ? userInfo().username : userInfo().gid}`,
        );
      writeFileSync(file, copy);
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
      assert.deepEqual({ status, output: stdout + stderr }, { status: 0, output: '' });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
} else {
  console.log('systemd-analyze does not exist: kafka.service is not verified.');
}

test('kafka-service.md: its server.properties, formatted by its command -> a broker answers', async () => {
  const jvm = new Jvm(await findJava(), await ensureJars(() => {}));
  const directory = await temporaryDirectory();
  const dir = directory.path;
  const file = join(dir, 'server.properties');
  const [client = 0, controller = 0] = await freePorts([undefined, undefined]);
  writeFileSync(file, block('properties', client, controller, join(dir, 'data')));

  const [, format = ''] = /kafka-storage\.sh format -t "\$\([^)]+\)" (.*)/.exec(page) ?? [];
  const options = format.replace('/etc/kafka/server.properties', file).split(' ');
  const id = (
    await runCommand(jvm.command, jvm.args(dir, 'kafka.tools.StorageTool', 'random-uuid'))
  ).text.trim();
  const args = ['kafka.tools.StorageTool', 'format', '-t', id, ...options] as const;
  const formatted = await runCommand(jvm.command, jvm.args(dir, ...args));
  assert.equal(formatted.code, 0, formatted.text);

  // The heap of the unit file, after the one of the tests: Java uses the last.
  const start = jvm.args(dir, 'kafka.Kafka', file);
  const heap = /KAFKA_HEAP_OPTS=([^"]+)"/.exec(unit)?.[1]?.split(' ') ?? [];
  start.splice(start.indexOf('-cp'), 0, ...heap);
  const log = join(dir, 'broker.log');
  const out = openSync(log, 'a');
  const child = spawn(jvm.command, start, { stdio: ['ignore', out, out] });
  closeSync(out);
  endWithParent(child);
  const pid = child.pid ?? 0;
  recordProcess(dir, { pid, mark: file });
  try {
    let metadata: Metadata | undefined;
    await until(async () => {
      assert.ok(!hasExited(child), readFileSync(log, 'utf8'));
      metadata = await fetchMetadata(client).catch(() => undefined);
      return metadata?.brokers.length === 1;
    }, 'the broker of the page answers');
    assert.equal(metadata?.clusterId, id);
    assert.deepEqual(metadata?.brokers, [{ id: 1, host: '127.0.0.1', port: client }]);
  } finally {
    await endChild(child, 30_000);
    forgetProcess(dir, pid);
    directory.remove();
  }
  assert.equal(child.exitCode, Number(/^SuccessExitStatus=(\d+)$/m.exec(unit)?.[1]));
});

test('kafka-service.md: settings -> those of the original system, without automatic creation', () => {
  const lines = block('properties', 0, 0, '').split('\n');
  for (const line of [
    'log.retention.hours=72',
    'delete.topic.enable=true',
    'auto.create.topics.enable=false',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test('kafka-service.md: operations -> each is one of kafka-admin', () => {
  const rows = page.slice(page.indexOf('| then | now | kafka-admin |')).split('\n').slice(2);
  const last = rows.flatMap((row) => /\| `([^`]+)`[^|]*\|$/.exec(row)?.[1] ?? []);
  assert.equal(last.length, 6);
  const named = page.matchAll(/`((?:topics|records|offsets|configs|groups|cluster|acls)\.\w+)`/g);
  for (const name of [...last, ...[...named].map(([, name]) => name)]) {
    assert.ok((OPERATIONS as string[]).includes(name ?? ''), name);
  }
});

test('kafka-service.md: version -> that of the local Kafka', () => {
  const pom = readFileSync(join(root, 'dev', 'kafka', 'pom.xml'), 'utf8');
  const version = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([\d.]+)</.exec(pom)?.[1];
  const named = [...page.matchAll(/kafka_2\.13-([\d.]+\d)|Kafka (\d+\.\d+\.\d+)/g)].map(
    (one) => one[1] ?? one[2],
  );
  assert.deepEqual([...new Set(named)], [version]);
});

/** The page's block of that language, with these ports and this folder. */
function block(language: string, client: number, controller: number, data: string): string {
  const text = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';
  return text
    .replaceAll(':9092', `:${client}`)
    .replaceAll(':9093', `:${controller}`)
    .replace('/var/lib/kafka/data', data);
}
