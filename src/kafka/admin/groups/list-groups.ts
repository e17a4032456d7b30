import type { BrokerRequests } from '../../connection/broker-requests';
import type { OptionsOf } from '../operations';
import { allGroups, type GroupListing } from './known-groups';

/**
 * The groups that the user may see, sorted.
 * @throws Problem "broker-too-old" where a broker does not report what is filtered by
 */
export async function listedGroups(
  requests: BrokerRequests,
  { types, states }: OptionsOf<'groups.list'>,
): Promise<GroupListing[]> {
  const groups = await allGroups(requests, types ? 'types' : states ? 'states' : undefined);
  return groups
    .filter(({ type }) => !types || (type !== null && types.includes(type)))
    .filter(({ state }) => !states || (state !== null && states.includes(state)))
    .map(({ group, type, protocol, state }) => ({ group, type, protocol, state }));
}
