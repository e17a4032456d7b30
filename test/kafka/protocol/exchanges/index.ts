import { aclExchanges } from './acls';
import { changeExchanges } from './changes';
import { clusterExchanges } from './cluster';
import { configExchanges } from './configs';
import type { Exchange } from './exchange';
import { groupExchanges } from './groups';
import { offsetExchanges } from './offsets';
import { recordExchanges } from './records';
import { topicExchanges } from './topics';

/** By the function of src/kafka/protocol/requests/ that makes the request. */
export const exchanges: Record<string, Exchange[]> = {
  ...aclExchanges,
  ...changeExchanges,
  ...clusterExchanges,
  ...configExchanges,
  ...groupExchanges,
  ...offsetExchanges,
  ...recordExchanges,
  ...topicExchanges,
};
