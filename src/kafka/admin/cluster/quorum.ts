import type { BrokerRequests } from '../../connection/broker-requests';
import { describeQuorum } from '../../protocol/requests/cluster';
import { orNullIfTooOld } from '../too-old';

/** The controllers of a KRaft cluster. */
export interface Quorum {
  leader: number;
  voters: number[];
  observers: number[];
}

export interface Controllers {
  /** Id of the active controller; null: not visible to the user. */
  controller: number | null;
  /** null: not visible to the user, or the cluster uses ZooKeeper. */
  quorum: Quorum | null;
}

/**
 * Asks for the cluster's controllers.
 * @param fromMetadata the controller that the metadata names: true under ZooKeeper, but under KRaft it is any broker
 */
export async function controllersOf(requests: BrokerRequests, fromMetadata: number): Promise<Controllers> {
  const answer = await orNullIfTooOld(requests.send(describeQuorum()));
  if (answer === null) return { controller: idOrNull(fromMetadata), quorum: null };
  if (answer.errorCode !== 0) return { controller: null, quorum: null };
  const { leader, voters, observers } = answer;
  const quorum = { leader, voters: sorted(voters), observers: sorted(observers) };
  return { controller: idOrNull(leader), quorum };
}

const idOrNull = (id: number): number | null => (id < 0 ? null : id);

const sorted = (ids: number[]): number[] => [...ids].sort((one, other) => one - other);
