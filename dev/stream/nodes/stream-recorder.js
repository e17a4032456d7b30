// Records what twitter-stream-in sends: posts by their ids, and events. GET /stream-recorder returns it. A recorder that
// `closesIn` some seconds delays each deploy.
const sent = new Map();

module.exports = (RED) => {
  RED.nodes.registerType('stream-recorder', function StreamRecorder(def) {
    RED.nodes.createNode(this, def);
    if (def.closesIn > 0) this.on('close', (done) => setTimeout(done, 1000 * def.closesIn));
  });

  // What a node sends while the flow is closed reaches no other node.
  RED.hooks.add('onSend.streamRecorder', (events) => {
    for (const { msg, source } of events) {
      if (source.node?.type === 'twitter-stream-in') record(source.id, source.port, msg.payload);
    }
  });

  RED.httpAdmin.get('/stream-recorder', (_request, response) => response.json(Object.fromEntries(sent)));
};

function record(node, port, payload) {
  if (!sent.has(node)) sent.set(node, { ids: [], events: [] });
  const { ids, events } = sent.get(node);
  if (port === 1) events.push(payload);
  else if (payload?.data) ids.push(payload.data.id);
}
