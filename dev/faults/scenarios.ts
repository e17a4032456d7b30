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
const evenAndOdd = (id: number): boolean => id % 2 === 1;
const largeEvery = 50;
const late = { username: 'late', password: 'late-secret' };
const loginAs = (credentials: typeof late) => ({ sasl: 'scram-sha-256', credentials });

/** Rows in the order of the table. */
export const scenarios: Scenario[] = [
  {
    name: 'kill',
    title: 'kill -9 of a leader, and its return',
    async fault(run) {
      const node = await run.leader();
      await node.kill();
      await run.wait(12 * seconds);
      await node.start();
    },
  },
  {
    name: 'stop',
    title: 'clean stop of a leader, and its return',
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
    title: 'all brokers killed, back after a minute',
    fault: (run) => killAllBrokers(run, 60 * seconds),
  },
  {
    name: 'late',
    title: 'a cluster that is not there at the start, and comes 15 s later',
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
    title: 'every broker at a new address, one after the other, then connections that never answer',
    async fault(run) {
      await changeBrokerAddresses(run);
      // New clients are needed now, and no address of the settings leads anywhere.
      await breakConnections(run, 15 * seconds, (proxy) => proxy.dropResponses());
    },
  },
  {
    name: 'cut-before-answer',
    title: 'connection cut after the request, before the answer',
    fault: (run) => breakConnections(run, 12 * seconds, (proxy) => proxy.cutBeforeResponse({ every: 10 })),
  },
  {
    name: 'cut-in-request',
    title: 'connection cut in mid-request',
    fault: (run) => breakConnections(run, 12 * seconds, (proxy) => proxy.cutMidRequest({ every: 10 })),
  },
  {
    name: 'reset-in-response',
    title: 'connection reset in mid-response',
    fault: (run) => breakConnections(run, 12 * seconds, (proxy) => proxy.resetMidResponse({ every: 10 })),
  },
  {
    name: 'silent',
    title: 'connections that stay open and never answer',
    fault: (run) => breakConnections(run, 30 * seconds, (proxy) => proxy.dropResponses()),
  },
  {
    name: 'held',
    title: 'requests held for 14 s',
    fault: (run) => breakConnections(run, 20 * seconds, (proxy) => proxy.delay(14 * seconds)),
  },
  {
    name: 'hang',
    title: 'a leader that hangs for 15 s and does not move',
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
    title: 'topic deleted, and created again 3 s later',
    async fault(run) {
      await run.environment.admin.deleteTopics({ topics: run.topics });
      await run.wait(3 * seconds);
      await run.environment.create(run.topics);
      run.since = Date.now();
    },
  },
  {
    name: 'unknown-topic',
    kafkaOutOnly: true,
    title: 'an unknown topic beside a good one',
    secondTopic: 'missing',
    out: { deliveryTimeout: 10 },
    mayFail: evenAndOdd,
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
    title: 'too few replicas in sync for 30 s',
    topicConfig: { 'min.insync.replicas': '3' },
    async fault(run) {
      const node = await run.leader();
      await node.stop();
      await run.wait(30 * seconds);
      await node.start();
    },
  },
  {
    name: 'quota',
    title: 'throttled by a quota for 20 s',
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
    title: 'user refused, accepted 15 s later',
    clusterKind: 'secured',
    faultFirst: true,
    cluster: () => loginAs(late),
    before: (environment) => pointProxiesAt(environment, environment.cluster.secured.PASSWORD as string),
    async fault(run) {
      await run.wait(15 * seconds);
      await setScramUser(run.environment.cluster.internal, late);
    },
  },
  {
    name: 'acl',
    kafkaOutOnly: true,
    title: 'one of two topics forbidden for 10 s',
    clusterKind: 'secured',
    secondTopic: 'denied',
    mayFail: evenAndOdd,
    cluster: () => loginAs(user),
    async before(environment) {
      pointProxiesAt(environment, environment.cluster.secured.PASSWORD as string);
      await setScramUser(environment.cluster.internal, user);
    },
    fault: (run) => denyWrites(run, 10 * seconds),
  },
  {
    name: 'tls',
    kafkaOutOnly: true,
    title: 'TLS certificate of another name, the right one 15 s later',
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
    title: "brokers' names that stop resolving for 20 s, connections cut",
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
    // What comes while the node is being closed is handed back.
    mayFail: () => true,
    kafkaOutOnly: true,
    title: 'the node deployed anew three times in the middle of load',
    async fault(run) {
      for (let turn = 1; turn <= 3; turn++) {
        await run.redeploy({ linger: turn });
        await run.wait(3 * seconds);
      }
    },
  },
  {
    name: 'frozen',
    title: 'Node-RED itself stopped by SIGSTOP for 40 s, as a laptop that sleeps',
    async fault({ nodeRed, wait }) {
      const pid = Number(nodeRed.pid);
      process.kill(pid, 'SIGSTOP');
      await wait(40 * seconds);
      process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'ten',
    title: 'ten kafka-out nodes on one cluster, kill -9 of a leader',
    copies: 10,
    async fault(run) {
      const node = await run.leader();
      await node.kill();
      await run.wait(10 * seconds);
      await node.start();
    },
  },
];

/** Those that are part of the tests, one of them shorter. */
export const scenariosInTests: Scenario[] = [
  ...['kill', 'cut-before-answer', 'silent', 'too-large'].map(
    (name) => scenarios.find((scenario) => scenario.name === name) as Scenario,
  ),
  {
    name: 'all-down-15',
    title: 'all brokers killed, back after 15 s',
    fault: (run) => killAllBrokers(run, 15 * seconds),
  },
];
