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

  /** A command of the PATH that prints the text on stderr and exits with the code. */
  function command(name: string, text: string, code = 0, folder = dir): void {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    writeFileSync(
      file,
      `#!/bin/sh\nwhile read -r line; do echo "$line" >&2; done <<'END'\n${text}\nEND\nexit ${code}\n`,
    );
    chmodSync(file, 0o755);
  }

  it('says how to get Java where there is none', async () => {
    await assert.rejects(
      findJava(),
      /^Error: Java 17 or later is needed .* none was found\. .*apt install.*brew install/,
    );
  });

  it('takes a java that only points to a download for none', async () => {
    command('java', 'Unable to locate a Java Runtime.', 1);
    await assert.rejects(findJava(), /Java 17 or later is needed .* none was found/);
  });

  it('says that a Java is too old', async () => {
    command('java', 'openjdk version "11.0.24" 2024-07-16');
    await assert.rejects(findJava(), /Java 17 or later is needed .* java is 11\.0\.24\./);
  });

  it('takes the Java of JAVA_HOME', async () => {
    command('java', 'openjdk version "21.0.4" 2024-07-16', 0, join(dir, 'home/bin'));
    process.env.JAVA_HOME = join(dir, 'home');
    assert.equal((await findJava()).command, join(dir, 'home/bin/java'));
  });

  it('says that JAVA_HOME is wrong', async () => {
    process.env.JAVA_HOME = join(dir, 'nowhere');
    await assert.rejects(findJava(), /JAVA_HOME is .*nowhere, but there is no bin\/java in it/);
  });

  it('knows the versions of all Javas', () => {
    assert.deepEqual(['1.8.0_402', '9', '17.0.15', '25-ea'].map(majorOf), [8, 9, 17, 25]);
  });

  it('says how to get Maven where there is none', async () => {
    await assert.rejects(
      runMaven('pom.xml', dir, () => {}),
      /^Error: Maven is needed .*apt install maven/,
    );
  });

  it('gives the reason that Maven gives, and no more of its output', async () => {
    command(
      'mvn',
      '[INFO] BUILD FAILURE\n[ERROR] Unknown host repo.example -> [Help 1]\n[ERROR] \n[ERROR] Re-run Maven with -e',
      1,
    );
    await assert.rejects(
      runMaven('pom.xml', dir, () => {}),
      {
        message:
          /^Maven could not fetch Apache Kafka: Unknown host repo\.example\. Check the network [^\n]*$/,
      },
    );
  });
});
