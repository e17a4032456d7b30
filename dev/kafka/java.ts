import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command';

export interface Java {
  command: string;
  /** All that `java -version` prints: tells one build from another. */
  build: string;
}

const oldestJava = 17;

export const ownCluster = 'To use a Kafka of yours instead: KAFKA_BROKERS=host:9092 npm start.';

const howToGetJava =
  'Debian/Ubuntu: apt install openjdk-17-jre-headless (or a later one); macOS: brew install openjdk@17; ' +
  `or point JAVA_HOME at one. ${ownCluster}`;

/** The Java of JAVA_HOME or, without it, of the PATH. Throws a sentence that says how to get one. */
export async function findJava(): Promise<Java> {
  const home = process.env.JAVA_HOME;
  const command = home ? join(home, 'bin', 'java') : 'java';
  if (home && !existsSync(command)) {
    throw new Error(
      `JAVA_HOME is ${home}, but there is no bin/java in it. Correct or unset JAVA_HOME. ${howToGetJava}`,
    );
  }
  const { code, text } = await runCommand(command, ['-version']);
  const version = /version "([^"]+)"/.exec(text)?.[1];
  if (code !== 0 || version === undefined) {
    throw new Error(
      `Java ${oldestJava} or later is needed to run Kafka, and none was found. ${howToGetJava}`,
    );
  }
  if (majorOf(version) < oldestJava) {
    throw new Error(
      `Java ${oldestJava} or later is needed to run Kafka; ${command} is ${version}. ${howToGetJava}`,
    );
  }
  return { command, build: text };
}

/** 8 for "1.8.0_402", 17 for "17.0.15", 25 for "25-ea". */
export function majorOf(version: string): number {
  const [first = 0, second = 0] = version.split(/[._-]/).map(Number);
  return first === 1 ? second : first;
}
