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

describe('the reason a broker ended', () => {
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

  it('is the outermost exception with the words of the cause', () => {
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

  it('is the last ERROR or FATAL line where there is no exception', () => {
    const lines = [
      '[x] ERROR first (a)',
      '[x] FATAL Shutdown broker because all log dirs have failed (b)',
      '[x] INFO (c)',
    ];
    assert.equal(reasonOf(...lines), 'Shutdown broker because all log dirs have failed (b)');
  });

  it('is the first line of a JVM that did not begin', () => {
    assert.equal(
      reasonOf("Unrecognized VM option 'X'", 'Error: Could not create the JVM.'),
      "Unrecognized VM option 'X'",
    );
  });

  it('is not known where nothing is said', () => {
    assert.equal(reasonOf('[x] WARN Performing controller activation. (q)'), undefined);
  });
});

describe('a broker’s settings', () => {
  const shape = {
    id: 1,
    dir: '/tmp/é\\x',
    ports: { client: 1, internal: 2, controller: 3 },
    voters: [{ id: 1, port: 3 }],
  };

  it('listen on 127.0.0.1 only and keep what the original system had', () => {
    const text = serverProperties(shape);
    assert.match(
      text,
      /^listeners=CLIENT:\/\/127\.0\.0\.1:1,INTERNAL:\/\/127\.0\.0\.1:2,CONTROLLER:\/\/127\.0\.0\.1:3$/m,
    );
    assert.match(text, /^log\.retention\.hours=72$/m);
    assert.match(text, /^delete\.topic\.enable=true$/m);
    assert.match(text, /^auto\.create\.topics\.enable=true$/m);
    assert.match(text, /^num\.partitions=1$/m);
  });

  it('can be overridden, once a name', () => {
    const text = serverProperties(shape, { 'auto.create.topics.enable': false });
    assert.deepEqual(text.match(/^auto\.create.*$/gm), ['auto.create.topics.enable=false']);
  });

  it('are escaped as Java reads them', () => {
    assert.match(serverProperties(shape), /^log\.dirs=\/tmp\/\\u00e9\\u005cx\/data$/m);
  });
});

describe('ports', () => {
  it('are the wished ones where those are free, others where not, and all differ', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const taken = (server.address() as { port: number }).port;
    const [free = 0] = await freePorts([undefined]);
    const ports = await freePorts([taken, free, free]);
    assert.notEqual(ports[0], taken);
    assert.equal(ports[1], free);
    assert.equal(new Set(ports).size, 3);
    server.close();
  });
});

describe('the probe', () => {
  it('rejects where nobody listens', async () => {
    const [port = 0] = await freePorts([undefined]);
    await assert.rejects(fetchMetadata(port), /ECONNREFUSED/);
  });

  it('rejects an answer that is not Kafka’s', async () => {
    const server = createServer((socket) => socket.end('\0\0\0\x04HTTP'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await assert.rejects(fetchMetadata((server.address() as { port: number }).port), /not Kafka/);
    server.close();
  });
});
