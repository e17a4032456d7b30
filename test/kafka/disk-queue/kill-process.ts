import { writeSync } from 'node:fs';
import { DiskLog } from '../../../src/kafka/disk-queue/disk-log';

// Appends and drains until it is killed, and says at once what it does, a line each (its output is a file):
// "restored <id>", "synced <id>", "settled <id>", "damage <what>". The ids count up from the second argument.
const [folder = '', firstId = '1', limit = '1000000'] = process.argv.slice(2);
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const log = new DiskLog({
  folder,
  limit: Number(limit),
  syncIntervalMs: 5,
  onProblem: ({ key, message }) => {
    // A write that was under way may be cut.
    if (!['disk-full', 'disk-works-again', 'disk-cut-off'].includes(key)) say(`damage ${message}`);
  },
  onChange: () => {},
  lock: async () => ({ release: async () => {} }),
});

const idOf = (content: Buffer): number => content.readUInt32LE(0);
const contentOf = (id: number): Buffer => {
  const content = Buffer.alloc(100 + ((id * 7919) % 3000), id & 255);
  content.writeUInt32LE(id, 0);
  return content;
};

let nextId = Number(firstId);
let isFull = false;

function append(): void {
  for (let count = 0; count < 20; count++) {
    const id = nextId;
    try {
      log.append(contentOf(id), () => say(`synced ${id}`));
      nextId++;
    } catch {
      isFull = true; // the drain makes room
      return;
    }
  }
}

/** Settles most of what is there, from the beginning, and leaves some behind. */
async function drain(): Promise<void> {
  const { frames } = await log.read(0, 20_000);
  if (frames.length === 0) isFull = false;
  for (const { seq, content } of frames) {
    const id = idOf(content);
    if (!content.equals(contentOf(id))) say(`damage ${id} has another content`);
    if (id % 5 === 0 && !isFull && log.stats.records < 200) continue;
    // A process that dies after the acknowledgement and before it settles sends again: never the other way round.
    say(`settled ${id}`);
    log.settle(seq);
  }
}

async function main(): Promise<void> {
  await log.open(({ content }) => say(`restored ${idOf(content)}`));
  say('open');
  for (;;) {
    append();
    await drain();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

main().catch((error) => say(`damage ${error}`));
