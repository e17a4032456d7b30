import type { BrokerOptions } from './broker';
import type { Advertised, Properties } from './server-properties';

export interface ClusterOptions {
  /** How many; 3 unless told otherwise. */
  nodes?: number;
  /** Settings of every node beside or instead of those of server-properties.ts. */
  properties?: Properties;
  /** Listeners of every node beside the plaintext one, by name; their settings stand in `properties`. */
  secured?: BrokerOptions['secured'];
  /** Users that may log in by SCRAM, e.g. 'SCRAM-SHA-256=[name=alice,password=secret]'. */
  scram?: string[];
  /** Where clients are sent, by listener ("CLIENT" or one of `secured`), one for each node in their order. */
  advertised?: Record<string, Advertised[]>;
  /** false: the nodes are prepared and their ports known, and they wait for their `launch`. */
  launch?: boolean;
  progress?: (line: string) => void;
}
