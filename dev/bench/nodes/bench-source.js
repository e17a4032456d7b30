// Sends posts to the node it is wired to and counts that node's acknowledgements. POST /bench/<id> runs a workload.
const { Kafka, logLevel } = require('kafkajs');
const { Feeder } = require('./feeder');
const { readPosts } = require('./posts');

const pollMs = 20;
const feeders = new Map();
const statuses = new Map();

module.exports = (RED) => {
  function BenchSource(def) {
    RED.nodes.createNode(this, def);
    const nextPost = readPosts(def.posts);
    const feeder = new Feeder((since) => this.send(message(def.value, nextPost(), since)));
    if (def.acknowledgedBy === 'done') feeders.set(def.target, feeder);
    // Wired to the node's output if that is its acknowledgement.
    this.on('input', (msg, _send, done) => {
      feeder.acknowledge(msg.since);
      done();
    });
    const watcher = def.acknowledgedBy === 'nothing' ? new TopicWatcher(def, feeder) : undefined;
    const path = `/bench/${this.id}`;
    RED.httpAdmin.get(path, (_request, response) => response.json(statuses.get(def.target) ?? {}));
    RED.httpAdmin.post(path, async (request, response) => {
      await watcher?.start();
      response.json(await feeder.run(request.body));
      await watcher?.stop();
    });
    this.on('close', () => watcher?.stop());
  }
  RED.nodes.registerType('bench-source', BenchSource);

  RED.hooks.add('onComplete.bench', ({ msg, error, node }) => {
    feeders.get(node.id)?.acknowledge(msg.since, error ? String(error.message ?? error) : undefined);
  });
  RED.events.on('node-status', ({ id, status }) => statuses.set(id, status));
};

function message(value, { raw, payload, key, buffer }, since) {
  if (value === 'raw') return { payload, raw, key, since };
  return { payload: value === 'buffer' ? buffer : raw, key, since };
}

/** Counts records in the topic as acknowledgements: for a node that reports none. */
class TopicWatcher {
  constructor({ brokers, topic }, feeder) {
    this.admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    this.topic = topic;
    this.feeder = feeder;
  }

  async start() {
    await this.admin.connect();
    this.seen = await this.count();
    this.running = true;
    this.next();
  }

  async stop() {
    this.running = false;
    clearTimeout(this.timer);
    await this.admin.disconnect();
  }

  next() {
    this.timer = setTimeout(async () => {
      const count = await this.count().catch(() => this.seen);
      for (; this.seen < count; this.seen++) this.feeder.acknowledge(undefined);
      if (this.running) this.next();
    }, pollMs);
  }

  async count() {
    const partitions = await this.admin.fetchTopicOffsets(this.topic);
    return partitions.reduce((sum, { high }) => sum + Number(high), 0);
  }
}
