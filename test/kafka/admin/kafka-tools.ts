import { execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { endWithParent, waitForExit } from '../../../dev/kafka/child-processes';
import { ensureJars } from '../../../dev/kafka/jars';
import { findJava } from '../../../dev/kafka/java';
import { Jvm } from '../../../dev/kafka/jvm';

const tools = {
  TopicCommand: 'org.apache.kafka.tools.TopicCommand',
  GetOffsetShell: 'org.apache.kafka.tools.GetOffsetShell',
  LogDirsCommand: 'org.apache.kafka.tools.LogDirsCommand',
  GroupsCommand: 'org.apache.kafka.tools.GroupsCommand',
  ConsumerGroupCommand: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  ConfigCommand: 'kafka.admin.ConfigCommand',
  ClusterTool: 'org.apache.kafka.tools.ClusterTool',
  MetadataQuorumCommand: 'org.apache.kafka.tools.MetadataQuorumCommand',
  FeatureCommand: 'org.apache.kafka.tools.FeatureCommand',
  ConsoleProducer: 'org.apache.kafka.tools.ConsoleProducer',
  AclCommand: 'org.apache.kafka.tools.AclCommand',
  ConsoleConsumer: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  ConsoleShareConsumer: 'org.apache.kafka.tools.consumer.ConsoleShareConsumer',
} as const;

const limitMs = 60_000;

/** Runs one of Kafka's own tools. @returns what it prints */
export async function kafkaTool(
  tool: keyof typeof tools,
  brokers: string,
  ...args: string[]
): Promise<string> {
  const jvm = new Jvm(await findJava(), await ensureJars(() => {}));
  const all = jvm.args(tmpdir(), tools[tool], ...args, '--bootstrap-server', brokers);
  const { stdout } = await promisify(execFile)(jvm.command, all, { timeout: limitMs, maxBuffer: 1e8 });
  return stdout;
}

/** Writes lines to a topic with Kafka's own producer. */
export async function produceLines(brokers: string, lines: string[], ...args: string[]): Promise<void> {
  const jvm = new Jvm(await findJava(), await ensureJars(() => {}));
  const all = jvm.args(tmpdir(), tools.ConsoleProducer, ...args, '--bootstrap-server', brokers);
  const child = spawn(jvm.command, all, { stdio: ['pipe', 'ignore', 'inherit'] });
  endWithParent(child);
  child.stdin.end(`${lines.join('\n')}\n`);
  await waitForExit(child);
}

/** A tool that runs until `end`. */
export async function startTool(
  tool: keyof typeof tools,
  brokers: string,
  ...args: string[]
): Promise<{ end(): Promise<void> }> {
  const jvm = new Jvm(await findJava(), await ensureJars(() => {}));
  const all = jvm.args(tmpdir(), tools[tool], ...args, '--bootstrap-server', brokers);
  const child = spawn(jvm.command, all, { stdio: 'ignore' });
  endWithParent(child);
  return {
    async end() {
      // A consumer leaves its group then.
      child.kill('SIGTERM');
      await waitForExit(child);
    },
  };
}

/** The lines of a table with a header: cells by the header's words. */
export function tableOf(text: string): Array<Record<string, string>> {
  const [head = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '');
  const names = head.trim().split(/\s{2,}|\s+/);
  return rows.map((row) => {
    const cells = row.trim().split(/\s+/);
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}
