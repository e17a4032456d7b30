import type { BrokerOptions } from './broker';
import type { Advertised, Properties } from './server-properties';

export interface ClusterOptions {
  /** Number of nodes [3]. */
  nodes?: number;
  /** Added to the defaults of server-properties.ts, or replacing them, on every node. */
  properties?: Properties;
  /** Additional listeners of every node by name; set their options in `properties`. */
  secured?: BrokerOptions['secured'];
  /** SCRAM users, e.g. 'SCRAM-SHA-256=[name=alice,password=secret]'. */
  scram?: string[];
  /** Advertised addresses by listener ("CLIENT" or one of `secured`), one per node. */
  advertised?: Record<string, Advertised[]>;
  /** false: prepares the nodes and chooses ports, but does not start them. */
  launch?: boolean;
  progress?: (line: string) => void;
}
