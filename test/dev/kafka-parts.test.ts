import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { LogFile } from '../../dev/kafka/log-file';
import { fetchMetadata } from '../../dev/kafka/metadata';
import { freePorts } from '../../dev/kafka/ports';
import { serverProperties } from '../../dev/kafka/server-properties';

describe('broker log: reason of the exit', () => {
  function reasonOf(...lines: string[]): string | undefined {
    const dir = mkdtempSync(join(tmpdir(), 'log-'));
    const log = new LogFile(join(dir, 'broker.log'));
    writeFileSync(log.path, '[2026-01-01 00:00:00,000] ERROR of an earlier run (kafka.Kafka$)\n');
    log.begin();
    appendFileSync(log.path, lines.join('\n'));
    try {
      return log.reason();
    } finally {
      rmSync(dir, { recursive: true });
    }
  }

  it('nested exceptions -> the outermost with the message of the cause', () => {
    assert.equal(
      reasonOf(
        '[2026-11-22 22:51:09,234] ERROR Encountered fatal fault: caught exception (o.a.k.Handler)',
        'java.lang.RuntimeException: Received a fatal error while waiting for the Acceptors',
        '\tat kafka.server.ControllerServer.startup(ControllerServer.scala:1)',
        'Caused by: org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:1: Address already in use.',
        'Caused by: java.net.BindException: Address already in use',
        '\t... 6 more',
      ),
      'Socket server failed to bind to 127.0.0.1:1: Address already in use',
    );
  });

  it('no exception -> the last ERROR or FATAL line', () => {
    const lines = [
      '[x] ERROR first (a)',
      '[x] FATAL Shutdown broker because all log dirs have failed (b)',
      '[x] INFO (c)',
    ];
    assert.equal(reasonOf(...lines), 'Shutdown broker because all log dirs have failed (b)');
  });

  it('JVM did not start -> its first line', () => {
    assert.equal(
      reasonOf("Unrecognized VM option 'X'", 'Error: Could not create the JVM.'),
      "Unrecognized VM option 'X'",
    );
  });

  it('no error in the log -> undefined', () => {
    assert.equal(reasonOf('[x] WARN Performing controller activation. (q)'), undefined);
  });
});

describe('server.properties', () => {
  const config = {
    id: 1,
    dir: '/tmp/é\\x',
    ports: { client: 1, internal: 2, controller: 3 },
    voters: [{ id: 1, port: 3 }],
  };

  it('defaults -> 127.0.0.1 only, settings of the original system', () => {
    const text = serverProperties(config);
    assert.match(
      text,
      /^listeners=CLIENT:\/\/127\.0\.0\.1:1,INTERNAL:\/\/127\.0\.0\.1:2,CONTROLLER:\/\/127\.0\.0\.1:3$/m,
    );
    assert.match(text, /^log\.retention\.hours=72$/m);
    assert.match(text, /^delete\.topic\.enable=true$/m);
    assert.match(text, /^auto\.create\.topics\.enable=true$/m);
    assert.match(text, /^num\.partitions=1$/m);
  });

  it('extra property -> overrides the default, once', () => {
    const text = serverProperties(config, { 'auto.create.topics.enable': false });
    assert.deepEqual(text.match(/^auto\.create.*$/gm), ['auto.create.topics.enable=false']);
  });

  it('non-ASCII characters -> Java escapes', () => {
    assert.match(serverProperties(config), /^log\.dirs=\/tmp\/\\u00e9\\u005cx\/data$/m);
  });
});

describe('freePorts', () => {
  it('wanted ports -> used if free, otherwise others; all different', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const used = (server.address() as { port: number }).port;
    const [free = 0] = await freePorts([undefined]);
    const ports = await freePorts([used, free, free]);
    assert.notEqual(ports[0], used);
    assert.equal(ports[1], free);
    assert.equal(new Set(ports).size, 3);
    server.close();
  });
});

describe('fetchMetadata', () => {
  it('closed port -> ECONNREFUSED', async () => {
    const [port = 0] = await freePorts([undefined]);
    await assert.rejects(fetchMetadata(port), /ECONNREFUSED/);
  });

  it('response of another protocol -> error', async () => {
    const server = createServer((socket) => socket.end('\0\0\0\x04HTTP'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await assert.rejects(fetchMetadata((server.address() as { port: number }).port), /not a Kafka response/);
    server.close();
  });
});
