import { Problem } from '../util/problem';
import type { Advertiser } from './connection/broker-health';

/**
 * A broker that the cluster advertises cannot be reached from here, though a configured one answers. The user has never
 * typed its address: the remedy is in the broker's `advertised.listeners`.
 */
export class AdvertisedProblem extends Problem {
  /** @param place `host:port` of the unreachable broker */
  constructor({ seed, ownAddress }: Advertiser, place: string, code: string) {
    super(ownAddress ? 'advertised-itself' : 'advertised-other', { seed, place, code });
  }
}
