/** The main use case as a flow: source, classifier, two topics; failed messages go to a third. */
export function mainFlow(options: {
  source: Record<string, unknown>;
  brokers: string;
  topics: { tweets: string; retweets: string; failures: string };
  baseUrl?: string;
}): unknown[] {
  const { topics } = options;
  const out = (id: string, topic: string, value: string): unknown => ({
    id: `x-${id}`,
    type: 'kafka-out',
    z: 'x-tab',
    cluster: 'x-cluster',
    topic,
    topicType: 'str',
    key: 'key',
    keyType: 'msg',
    value,
    valueType: 'msg',
    timestamp: 'timestamp',
    timestampType: 'msg',
    acks: 'all',
    idempotent: true,
    wires: [[]],
  });
  return [
    { id: 'x-tab', type: 'tab', label: 'end to end' },
    {
      id: 'x-app',
      type: 'twitter-app',
      auth: 'bearer',
      baseUrl: options.baseUrl ?? 'http://127.0.0.1:9',
      credentials: { bearerToken: 'simulated-token' },
    },
    { id: 'x-cluster', type: 'kafka-cluster', brokers: options.brokers },
    {
      id: 'x-in',
      type: 'twitter-stream-in',
      z: 'x-tab',
      app: 'x-app',
      rules: [],
      rulesMode: 'own',
      fields: 'all',
      format: 'object',
      autostart: true,
      ...options.source,
      wires: [['x-classify'], []],
    },
    {
      id: 'x-classify',
      type: 'tweet-classifier',
      z: 'x-tab',
      property: 'payload',
      wires: [['x-tweets'], ['x-retweets'], [], [], [], [], [], [], [], [], []],
    },
    out('tweets', topics.tweets, 'raw'),
    out('retweets', topics.retweets, 'raw'),
    { id: 'x-catch', type: 'catch', z: 'x-tab', wires: [['x-failures']] },
    out('failures', topics.failures, 'payload'),
  ];
}
