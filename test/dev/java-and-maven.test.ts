import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findJava, majorOf } from '../../dev/kafka/java';
import { runMaven } from '../../dev/kafka/maven';

describe('Java and Maven', () => {
  const { PATH, JAVA_HOME } = process.env;
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'no-java-'));
    process.env.PATH = dir;
    delete process.env.JAVA_HOME;
  });

  afterEach(() => {
    process.env.PATH = PATH;
    if (JAVA_HOME !== undefined) process.env.JAVA_HOME = JAVA_HOME;
    else delete process.env.JAVA_HOME;
    rmSync(dir, { recursive: true });
  });

  /** Adds a command to the PATH that prints `text` to stderr and exits with `code`. */
  function command(name: string, text: string, code = 0, folder = dir): void {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    writeFileSync(
      file,
      `#!/bin/sh\nwhile read -r line; do echo "$line" >&2; done <<'END'\n${text}\nEND\nexit ${code}\n`,
    );
    chmodSync(file, 0o755);
  }

  it('no Java -> error that tells how to install it', async () => {
    await assert.rejects(
      findJava(),
      /^Error: Kafka needs Java 17 or later, but no java was found\. .*apt install.*brew install/,
    );
  });

  it('java stub that only points to a download -> treated as no Java', async () => {
    command('java', 'Unable to locate a Java Runtime.', 1);
    await assert.rejects(findJava(), /Kafka needs Java 17 or later, but no java was found/);
  });

  it('Java too old -> error with both versions', async () => {
    command('java', 'openjdk version "11.0.24" 2024-07-16');
    await assert.rejects(findJava(), /Kafka needs Java 17 or later; java is version 11\.0\.24\./);
  });

  it('JAVA_HOME set -> its Java', async () => {
    command('java', 'openjdk version "21.0.4" 2024-07-16', 0, join(dir, 'home/bin'));
    process.env.JAVA_HOME = join(dir, 'home');
    assert.equal((await findJava()).command, join(dir, 'home/bin/java'));
  });

  it('JAVA_HOME without bin/java -> error', async () => {
    process.env.JAVA_HOME = join(dir, 'nowhere');
    await assert.rejects(findJava(), /JAVA_HOME is .*nowhere, which contains no bin\/java/);
  });

  it('version strings -> major version', () => {
    assert.deepEqual(['1.8.0_402', '9', '17.0.15', '25-ea'].map(majorOf), [8, 9, 17, 25]);
  });

  it('no Maven -> error that tells how to install it', async () => {
    await assert.rejects(
      runMaven('pom.xml', dir, () => {}),
      /^Error: Downloading Apache Kafka needs Maven.*apt install maven/,
    );
  });

  it('Maven fails -> its first error, not its whole output', async () => {
    command(
      'mvn',
      '[INFO] BUILD FAILURE\n[ERROR] Unknown host repo.example -> [Help 1]\n[ERROR] \n[ERROR] Re-run Maven with -e',
      1,
    );
    await assert.rejects(
      runMaven('pom.xml', dir, () => {}),
      {
        message:
          /^Maven could not download Apache Kafka: Unknown host repo\.example\. Check the network [^\n]*$/,
      },
    );
  });
});
