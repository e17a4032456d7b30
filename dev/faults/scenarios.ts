import { setProducerQuota, setScramUser } from '../kafka/admin-requests';
import { allDown, forbidden, launch, moveBrokers, moveLeaders, proxied } from './actions';
import { aimAt, hostNames, user } from './environment';
import type { Row } from './scenario';

const seconds = 1000;
const evenAndOdd = (id: number): boolean => id % 2 === 1;
const largeEvery = 50;
const late = { username: 'late', password: 'late-secret' };
const loginAs = (credentials: typeof late) => ({ sasl: 'scram-sha-256', credentials });

/** Rows in the order of the table. */
export const rows: Row[] = [
  {
    name: 'kill',
    title: 'kill -9 of a leader, and its return',
    async fault(scene) {
      const node = await scene.leader();
      await node.kill();
      await scene.wait(12 * seconds);
      await node.start();
    },
  },
  {
    name: 'stop',
    title: 'clean stop of a leader, and its return',
    async fault(scene) {
      const node = await scene.leader();
      await node.stop();
      await scene.wait(5 * seconds);
      await node.start();
    },
  },
  {
    name: 'pause',
    title: 'SIGSTOP of a leader for 20 s',
    async fault(scene) {
      const node = await scene.leader();
      await node.pause();
      await scene.wait(20 * seconds);
      node.resume();
    },
  },
  {
    name: 'all-down',
    title: 'all brokers killed, back after a minute',
    fault: (scene) => allDown(scene, 60 * seconds),
  },
  {
    name: 'late',
    title: 'a cluster that is not there at the start, and comes 15 s later',
    fromStart: true,
    async before({ cluster }) {
      await Promise.all(cluster.nodes.map((node) => node.stop()));
    },
    async fault(scene) {
      await scene.wait(15 * seconds);
      await launch(scene.stage);
    },
  },
  {
    name: 'elect',
    title: 'leaders moved every 2 s, ten times',
    async fault(scene) {
      for (let turn = 1; turn <= 10; turn++) {
        await moveLeaders(scene);
        await scene.wait(2 * seconds);
      }
    },
  },
  {
    name: 'moved',
    title: 'every broker at a new address, one after the other, then connections that never answer',
    async fault(scene) {
      await moveBrokers(scene);
      // New clients are needed now, and no address of the settings leads anywhere.
      await proxied(scene, 15 * seconds, (proxy) => proxy.silence());
    },
  },
  {
    name: 'cut-before-answer',
    title: 'connection cut after the request, before the answer',
    fault: (scene) => proxied(scene, 12 * seconds, (proxy) => proxy.cutBeforeAnswer({ every: 10 })),
  },
  {
    name: 'cut-in-request',
    title: 'connection cut in mid-request',
    fault: (scene) => proxied(scene, 12 * seconds, (proxy) => proxy.cutInRequest({ every: 10 })),
  },
  {
    name: 'reset-in-response',
    title: 'connection reset in mid-response',
    fault: (scene) => proxied(scene, 12 * seconds, (proxy) => proxy.resetInResponse({ every: 10 })),
  },
  {
    name: 'silent',
    title: 'connections that stay open and never answer',
    fault: (scene) => proxied(scene, 30 * seconds, (proxy) => proxy.silence()),
  },
  {
    name: 'held',
    title: 'requests held for 14 s',
    fault: (scene) => proxied(scene, 20 * seconds, (proxy) => proxy.hold(14 * seconds)),
  },
  {
    name: 'hang',
    title: 'a leader that hangs for 15 s and does not move',
    shape: 'patient',
    async fault(scene) {
      const node = await scene.leader();
      await node.pause();
      await scene.wait(15 * seconds);
      node.resume();
    },
  },
  {
    name: 'grow',
    title: 'partitions added',
    async fault(scene) {
      await scene.stage.admin.createPartitions({
        topicPartitions: scene.topics.map((topic) => ({ topic, count: 9 })),
      });
      await scene.wait(5 * seconds);
    },
  },
  {
    name: 'recreate',
    title: 'topic deleted, and created again 3 s later',
    async fault(scene) {
      await scene.stage.admin.deleteTopics({ topics: scene.topics });
      await scene.wait(3 * seconds);
      await scene.stage.create(scene.topics);
      scene.since = Date.now();
    },
  },
  {
    name: 'unknown-topic',
    needsOurs: true,
    title: 'an unknown topic beside a good one',
    second: 'missing',
    out: { deliveryTimeout: 10 },
    fails: evenAndOdd,
    fault: (scene) => scene.wait(15 * seconds).then(() => {}),
  },
  {
    name: 'too-large',
    title: 'every 50th record too large for the broker',
    largeEvery,
    fails: (id) => id % largeEvery === largeEvery - 1,
    fault: (scene) => scene.wait(10 * seconds).then(() => {}),
  },
  {
    name: 'min-isr',
    title: 'too few replicas in sync for 30 s',
    topicConfig: { 'min.insync.replicas': '3' },
    async fault(scene) {
      const node = await scene.leader();
      await node.stop();
      await scene.wait(30 * seconds);
      await node.start();
    },
  },
  {
    name: 'quota',
    title: 'throttled by a quota for 20 s',
    async fault(scene) {
      const { internal } = scene.stage.cluster;
      await setProducerQuota(internal, 20_000);
      await scene.wait(20 * seconds);
      await setProducerQuota(internal, null);
    },
  },
  {
    name: 'sasl',
    needsOurs: true,
    title: 'user refused, accepted 15 s later',
    shape: 'guarded',
    fromStart: true,
    cluster: () => loginAs(late),
    before: (stage) => aimAt(stage, stage.cluster.secured.PASSWORD as string),
    async fault(scene) {
      await scene.wait(15 * seconds);
      await setScramUser(scene.stage.cluster.internal, late);
    },
  },
  {
    name: 'acl',
    needsOurs: true,
    title: 'one of two topics forbidden for 10 s',
    shape: 'guarded',
    second: 'denied',
    fails: evenAndOdd,
    cluster: () => loginAs(user),
    async before(stage) {
      aimAt(stage, stage.cluster.secured.PASSWORD as string);
      await setScramUser(stage.cluster.internal, user);
    },
    fault: (scene) => forbidden(scene, 10 * seconds),
  },
  {
    name: 'tls',
    needsOurs: true,
    title: 'TLS certificate of another name, the right one 15 s later',
    shape: 'guarded',
    fromStart: true,
    before: (stage) => aimAt(stage, stage.cluster.secured.STRANGER as string),
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
    async fault(scene) {
      await scene.wait(15 * seconds);
      aimAt(scene.stage, scene.stage.cluster.secured.TLS as string);
    },
  },
  {
    name: 'name',
    title: "brokers' names that stop resolving for 20 s, connections cut",
    shape: 'named',
    async fault(scene) {
      await scene.tell({ unresolvable: hostNames });
      for (const proxy of scene.stage.proxies) proxy.refuse();
      await scene.wait(1 * seconds);
      for (const proxy of scene.stage.proxies) proxy.calm();
      await scene.wait(20 * seconds);
      await scene.tell({ unresolvable: [] });
    },
  },
  {
    name: 'redeploy',
    countsAnew: true,
    // What comes while the node is being closed is handed back.
    fails: () => true,
    needsOurs: true,
    title: 'the node deployed anew three times in the middle of load',
    async fault(scene) {
      for (let turn = 1; turn <= 3; turn++) {
        await scene.redeploy({ linger: turn });
        await scene.wait(3 * seconds);
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
    async fault(scene) {
      const node = await scene.leader();
      await node.kill();
      await scene.wait(10 * seconds);
      await node.start();
    },
  },
];

/** Those that are part of the tests, one of them shorter. */
export const inTests: Row[] = [
  ...['kill', 'cut-before-answer', 'silent', 'too-large'].map(
    (name) => rows.find((row) => row.name === name) as Row,
  ),
  {
    name: 'all-down-15',
    title: 'all brokers killed, back after 15 s',
    fault: (scene) => allDown(scene, 15 * seconds),
  },
];
