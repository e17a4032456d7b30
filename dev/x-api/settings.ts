/** What tests change while the simulator runs. Times are in milliseconds. */
export interface Settings {
  /** How far X's clock is ahead of the local one: `Date`, `x-rate-limit-reset`, ids and `created_at` follow it [0]. */
  clockOffsetMs: number;
  /** A closed connection counts as open for this long: X notices late [0]. */
  lateReleaseMs: number;
  /** Connections of the filtered stream that the app may have [1]. */
  maxConnections: number;
  /** The Connections API works [true]; false and 404: not found, 403: not for this app. */
  connectionsApi: boolean | 403 | 404;
  /** The app has an Enterprise plan: backfill and recovery work [false]. */
  enterprise: boolean;
  /** Rules that the app may have [1000]. */
  ruleCap: number;
  /** A request above the cap gets an error for each rule above it; false: an error without rules, nothing added [true]. */
  ruleCapNamed: boolean;
  /** Added and deleted rules take effect after this time [0]. */
  ruleDelayMs: number;
  /** What happens to unknown fields and expansions: an error 400, or nothing, as measured in 2026 [reject]. */
  unknownFields: 'reject' | 'ignore';
  /** Search finds a post after this time [20000]. */
  searchDelayMs: number;
  /** The app's credentials. */
  bearerToken: string;
  apiKey: string;
  apiSecret: string;
  accessToken: string;
  accessTokenSecret: string;
  /** The usage of the project besides what the simulator delivers. */
  usage: { used: number; cap: number; resetDay: number };
}

const defaults: Settings = {
  clockOffsetMs: 0,
  lateReleaseMs: 0,
  maxConnections: 1,
  connectionsApi: true,
  enterprise: false,
  ruleCap: 1000,
  ruleCapNamed: true,
  ruleDelayMs: 0,
  unknownFields: 'reject',
  searchDelayMs: 20_000,
  bearerToken: 'simulated-token',
  apiKey: 'simulated-key',
  apiSecret: 'simulated-secret',
  accessToken: 'simulated-access-token',
  accessTokenSecret: 'simulated-access-token-secret',
  usage: { used: 0, cap: 3_000_000, resetDay: 1 },
};

/** The settings of the options, with defaults for the others. */
export function settingsFrom(options: Partial<Settings>): Settings {
  const names = Object.keys(defaults) as (keyof Settings)[];
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return { ...structuredClone(defaults), ...Object.fromEntries(given) };
}

/** X's clock. It reads `Date` at each call, so that tests can replace it. */
export class Clock {
  constructor(private readonly settings: Pick<Settings, 'clockOffsetMs'>) {}

  /** Epoch milliseconds. */
  readonly now = (): number => Date.now() + this.settings.clockOffsetMs;

  /** The value of a `Date` header. */
  readonly date = (): string => new Date(this.now()).toUTCString();
}
