import { setProducerQuota, setScramUser } from '../kafka/admin-requests';
import {
  breakConnections,
  changeBrokerAddresses,
  denyWrites,
  killAllBrokers,
  moveLeaders,
  startAllBrokers,
} from './actions';
import { hostNames, pointProxiesAt, user } from './environment';
import type { Scenario } from './scenario';

const seconds = 1000;
const isOdd = (id: number): boolean => id % 2 === 1;
const largeEvery = 50;
const late = { username: 'late', password: 'late-secret' };
const saslAs = (credentials: typeof late) => ({ sasl: 'scram-sha-256', credentials });

/** The scenarios in which Kafka, the way to it, or a node of the flow fails. */
export const kafkaScenarios: Scenario[] = [
  {
    name: 'kill',
    title: 'kill -9 of a leader, restarted after 12 s',
    async fault(run) {
      const node = await run.leader();
      await node.kill();
      await run.wait(12 * seconds);
      await node.start();
    },
  },
  {
    name: 'stop',
    title: 'clean shutdown of a leader, restarted after 5 s',
    async fault(run) {
      const node = await run.leader();
      await node.stop();
      await run.wait(5 * seconds);
      await node.start();
    },
  },
  {
    name: 'pause',
    title: 'SIGSTOP of a leader for 20 s',
    async fault(run) {
      const node = await run.leader();
      await node.pause();
      await run.wait(20 * seconds);
      node.resume();
    },
  },
  {
    name: 'all-down',
    title: 'all brokers killed, back after 60 s',
    fault: (run) => killAllBrokers(run, 60 * seconds),
  },
  {
    name: 'late',
    title: 'cluster down at start, up 15 s later',
    faultFirst: true,
    async before({ cluster }) {
      await Promise.all(cluster.nodes.map((node) => node.stop()));
    },
    async fault(run) {
      await run.wait(15 * seconds);
      await startAllBrokers(run.environment);
    },
  },
  {
    name: 'elect',
    title: 'leaders moved every 2 s, ten times',
    async fault(run) {
      for (let turn = 1; turn <= 10; turn++) {
        await moveLeaders(run);
        await run.wait(2 * seconds);
      }
    },
  },
  {
    name: 'moved',
    title: 'all brokers moved to new addresses, one by one; then open connections stop responding',
    async fault(run) {
      await changeBrokerAddresses(run);
      // The producer needs new connections now, and no configured address works any more.
      await breakConnections(run, 15 * seconds, (proxy) => proxy.dropResponses());
    },
  },
  {
    name: 'cut-before-answer',
    title: 'connection cut after the request, before the response',
    fault: (run) => breakConnections(run, 12 * seconds, (proxy) => proxy.cutBeforeResponse({ every: 10 })),
  },
  {
    name: 'cut-in-request',
    title: 'connection cut mid-request',
    fault: (run) => breakConnections(run, 12 * seconds, (proxy) => proxy.cutMidRequest({ every: 10 })),
  },
  {
    name: 'reset-in-response',
    title: 'connection reset mid-response',
    fault: (run) => breakConnections(run, 12 * seconds, (proxy) => proxy.resetMidResponse({ every: 10 })),
  },
  {
    name: 'silent',
    title: 'open connections stop responding',
    fault: (run) => breakConnections(run, 30 * seconds, (proxy) => proxy.dropResponses()),
  },
  {
    name: 'held',
    title: 'requests delayed by 14 s',
    fault: (run) => breakConnections(run, 20 * seconds, (proxy) => proxy.delay(14 * seconds)),
  },
  {
    name: 'hang',
    title: 'SIGSTOP of a leader for 15 s, without failover',
    clusterKind: 'slow-failover',
    async fault(run) {
      const node = await run.leader();
      await node.pause();
      await run.wait(15 * seconds);
      node.resume();
    },
  },
  {
    name: 'grow',
    title: 'partitions added',
    async fault(run) {
      await run.environment.admin.createPartitions({
        topicPartitions: run.topics.map((topic) => ({ topic, count: 9 })),
      });
      await run.wait(5 * seconds);
    },
  },
  {
    name: 'recreate',
    title: 'topic deleted, re-created 3 s later',
    async fault(run) {
      await run.environment.admin.deleteTopics({ topics: run.topics });
      await run.wait(3 * seconds);
      await run.environment.create(run.topics);
      run.topicCreatedAt = Date.now();
    },
  },
  {
    name: 'unknown-topic',
    kafkaOutOnly: true,
    title: 'every second record to an unknown topic',
    secondTopic: 'missing',
    // On disk they wait for the topic.
    out: { queue: 'memory', deliveryTimeout: 10 },
    mayFail: isOdd,
    fault: (run) => run.wait(15 * seconds).then(() => {}),
  },
  {
    name: 'too-large',
    title: 'every 50th record too large for the broker',
    largeEvery,
    mayFail: (id) => id % largeEvery === largeEvery - 1,
    fault: (run) => run.wait(10 * seconds).then(() => {}),
  },
  {
    name: 'min-isr',
    title: 'too few in-sync replicas for 30 s',
    topics: { config: { 'min.insync.replicas': '3' } },
    async fault(run) {
      const node = await run.leader();
      await node.stop();
      await run.wait(30 * seconds);
      await node.start();
    },
  },
  {
    name: 'quota',
    title: 'producer quota throttles for 20 s',
    async fault(run) {
      const { internal } = run.environment.cluster;
      await setProducerQuota(internal, 20_000);
      await run.wait(20 * seconds);
      await setProducerQuota(internal, null);
    },
  },
  {
    name: 'sasl',
    kafkaOutOnly: true,
    title: 'SASL user rejected, accepted 15 s later',
    clusterKind: 'secured',
    faultFirst: true,
    cluster: () => saslAs(late),
    before: (environment) => pointProxiesAt(environment, environment.cluster.secured.PASSWORD as string),
    async fault(run) {
      await run.wait(15 * seconds);
      await setScramUser(run.environment.cluster.internal, late);
    },
  },
  {
    name: 'acl',
    kafkaOutOnly: true,
    title: 'writes to one of two topics denied for 10 s',
    clusterKind: 'secured',
    secondTopic: 'denied',
    cluster: () => saslAs(user),
    async before(environment) {
      pointProxiesAt(environment, environment.cluster.secured.PASSWORD as string);
      await setScramUser(environment.cluster.internal, user);
    },
    fault: (run) => denyWrites(run, 10 * seconds),
  },
  {
    name: 'tls',
    kafkaOutOnly: true,
    title: 'TLS certificate for another host name, the right one 15 s later',
    clusterKind: 'secured',
    faultFirst: true,
    before: (environment) => pointProxiesAt(environment, environment.cluster.secured.STRANGER as string),
    cluster: () => ({ useTls: true, tls: 'tls' }),
    extraNodes: ({ certificates }) => [
      {
        id: 'tls',
        type: 'tls-config',
        cert: '',
        key: '',
        ca: certificates?.caFile,
        verifyservercert: true,
        servername: '',
      },
    ],
    async fault(run) {
      await run.wait(15 * seconds);
      pointProxiesAt(run.environment, run.environment.cluster.secured.TLS as string);
    },
  },
  {
    name: 'name',
    title: 'broker host names unresolvable for 20 s, connections cut',
    clusterKind: 'host-names',
    async fault(run) {
      await run.configure({ unresolvable: hostNames });
      for (const proxy of run.environment.proxies) proxy.refuse();
      await run.wait(1 * seconds);
      for (const proxy of run.environment.proxies) proxy.passThrough();
      await run.wait(20 * seconds);
      await run.configure({ unresolvable: [] });
    },
  },
  {
    name: 'redeploy',
    resetsCounters: true,
    // Records that arrive while the node closes go to a Catch node.
    mayFail: () => true,
    kafkaOutOnly: true,
    title: 'kafka-out redeployed three times under load',
    async fault(run) {
      for (let turn = 1; turn <= 3; turn++) {
        await run.redeploy({ linger: turn });
        await run.wait(3 * seconds);
      }
    },
  },
  {
    name: 'frozen',
    title: 'SIGSTOP of Node-RED for 40 s, like a laptop that sleeps',
    async fault({ nodeRed, wait }) {
      const pid = Number(nodeRed.pid);
      process.kill(pid, 'SIGSTOP');
      await wait(40 * seconds);
      process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'ten',
    title: 'ten kafka-out nodes per variant on one cluster, kill -9 of a leader',
    copies: 10,
    async fault(run) {
      const node = await run.leader();
      await node.kill();
      await run.wait(10 * seconds);
      await node.start();
    },
  },
];
