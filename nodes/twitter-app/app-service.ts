import type { SharedApp } from '../../src/stream/app/shared-app';

/** What other nodes get from a twitter-app. */
export interface AppService {
  shared: SharedApp;
  close(): Promise<void>;
}
