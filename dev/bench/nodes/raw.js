// The baseline, in its own process: kafkajs with Buffers, one batch in flight per partition, as little code around it as
// possible. Its argument is JSON: { brokers, posts, lanes: [{ id, topic, partitions, idempotent }] }.
const http = require('node:http');
const { Kafka, logLevel } = require('kafkajs');
const { partitionOf } = require('../../../dist/src/kafka/delivery/partitioner');
const { Feeder } = require('./feeder');
const { readPosts } = require('./posts');

const batchBytes = 1_000_000;

class Lane {
  constructor(kafka, { topic, partitions, idempotent }, nextPost) {
    this.topic = topic;
    this.queues = Array.from({ length: partitions }, (_, partition) => ({
      partition,
      pending: [],
      running: false,
    }));
    this.producer = kafka.producer({ idempotent, allowAutoTopicCreation: false });
    this.feeder = new Feeder((since) => this.write(nextPost(), since));
  }

  write({ buffer, keyBuffer }, since) {
    const queue = this.queues[partitionOf(keyBuffer, this.queues.length)];
    queue.pending.push({ buffer, keyBuffer, since });
    if (queue.running) return;
    queue.running = true;
    setImmediate(() => this.drain(queue));
  }

  async drain(queue) {
    while (queue.pending.length > 0) {
      const batch = take(queue.pending);
      const messages = batch.map(({ buffer, keyBuffer }) => ({
        key: keyBuffer,
        value: buffer,
        partition: queue.partition,
      }));
      await this.producer.send({ topic: this.topic, acks: -1, messages });
      for (const { since } of batch) this.feeder.acknowledge(since);
    }
    queue.running = false;
  }
}

function take(pending) {
  let bytes = 0;
  let count = 0;
  for (const { buffer, keyBuffer } of pending) {
    bytes += buffer.length + keyBuffer.length + 21;
    if (count > 0 && bytes > batchBytes) break;
    count++;
  }
  return pending.splice(0, count);
}

async function main() {
  const { brokers, posts, lanes } = JSON.parse(process.argv[2]);
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const nextPost = readPosts(posts);
  const all = new Map(lanes.map((lane) => [`/bench/${lane.id}`, new Lane(kafka, lane, nextPost)]));
  for (const { producer } of all.values()) await producer.connect();
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(JSON.stringify(await all.get(request.url).feeder.run(JSON.parse(text))));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
