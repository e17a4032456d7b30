import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command';

export interface Java {
  command: string;
  /** The output of `java -version`: identifies the build. */
  build: string;
}

const oldestJava = 17;

export const ownCluster = 'Or use your own Kafka: KAFKA_BROKERS=host:9092 npm start.';

const howToGetJava =
  'Debian/Ubuntu: apt install openjdk-17-jre-headless (or later). macOS: brew install openjdk@17. ' +
  `Or set JAVA_HOME to an installed one. ${ownCluster}`;

/** Finds Java by JAVA_HOME or, without it, by PATH. @throws an error that tells how to install it */
export async function findJava(): Promise<Java> {
  const home = process.env.JAVA_HOME;
  const command = home ? join(home, 'bin', 'java') : 'java';
  if (home && !existsSync(command)) {
    throw new Error(
      `JAVA_HOME is ${home}, which contains no bin/java. Correct or unset JAVA_HOME. ${howToGetJava}`,
    );
  }
  const { code, text } = await runCommand(command, ['-version']);
  const version = /version "([^"]+)"/.exec(text)?.[1];
  if (code !== 0 || version === undefined) {
    throw new Error(`Kafka needs Java ${oldestJava} or later, but no java was found. ${howToGetJava}`);
  }
  if (majorOf(version) < oldestJava) {
    throw new Error(
      `Kafka needs Java ${oldestJava} or later; ${command} is version ${version}. ${howToGetJava}`,
    );
  }
  return { command, build: text };
}

/** 8 for "1.8.0_402", 17 for "17.0.15", 25 for "25-ea". */
export function majorOf(version: string): number {
  const [first = 0, second = 0] = version.split(/[._-]/).map(Number);
  return first === 1 ? second : first;
}
