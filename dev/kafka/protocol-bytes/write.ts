// node --import tsx dev/kafka/protocol-bytes/write.ts
// Encodes the requests and responses of test/kafka/protocol/exchanges/ with Kafka's own classes, and writes the bytes to
// test/kafka/protocol/kafka-bytes.json. Run it after a change of the exchanges or of Kafka's version. Requires a JDK.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchanges } from '../../../test/kafka/protocol/exchanges';
import {
  digestOf,
  jsonOf,
  type KafkaBytes,
  labelOf,
  type Message,
  messagesOf,
} from '../../../test/kafka/protocol/exchanges/messages';
import { root } from '../../paths';
import { ensureJars } from '../jars';
import { findJava } from '../java';

const file = join(root, 'test/kafka/protocol/kafka-bytes.json');

/** What ProtocolBytes.java prints. */
interface Encoded {
  kafka: string;
  messages: Array<Omit<Message, 'fields'> & { hex: string }>;
}

async function main(): Promise<void> {
  const { command } = await findJava();
  const classPath = join(await ensureJars(console.log), '*');
  const messages = messagesOf(Object.values(exchanges).flat());
  const output = execFileSync(command, ['-cp', classPath, join(__dirname, 'ProtocolBytes.java')], {
    input: jsonOf(messages),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const encoded: Encoded = JSON.parse(output);
  const bytes: KafkaBytes = {
    kafka: encoded.kafka,
    digest: digestOf(messages),
    messages: Object.fromEntries(encoded.messages.map((message) => [labelOf(message), message.hex])),
  };
  writeFileSync(file, `${JSON.stringify(bytes, null, 2)}\n`);
  console.log(`Kafka ${bytes.kafka}: ${encoded.messages.length} messages -> ${file}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
