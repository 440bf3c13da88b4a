/** Every setting: its names on the command line, in the environment and in a file, what it may be, and what it is by itself. */

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export const FORWARDING_MODES = ['proactive', 'reactive', 'off'] as const;
export const REACTIVE_MATCHES = ['mac', '5tuple'] as const;
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export interface Config {
  readonly openflow: Endpoint;
  readonly http: Endpoint;
  readonly data: string;
  readonly forwarding: (typeof FORWARDING_MODES)[number];
  readonly reactiveMatch: (typeof REACTIVE_MATCHES)[number];
  /** Seconds. */
  readonly idleTimeout: number;
  /** Milliseconds. */
  readonly probeInterval: number;
  /** Seconds. */
  readonly hostTimeout: number;
  /** Milliseconds; 0 where nothing is read. */
  readonly statsInterval: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

export type ConfigKey = keyof Config;

export interface Setting<T> {
  /** What stands for the value in the help. */
  readonly value: string;
  readonly help: string;
  /** What the value may be, as a person is told, in the help and where it is something else. */
  readonly allowed: string;
  readonly example: string;
  /** As it is written; undefined where it depends on the machine, and the help says how. */
  readonly default: string | undefined;
  /** Undefined where the value, a text or what a file has there, is not allowed. */
  readonly read: (value: unknown) => T | undefined;
}

/** Switches count in lumps of a few hundred milliseconds: asked more often, they only tell of those. */
const MIN_STATS_INTERVAL_MS = 100;

export const SETTINGS: { readonly [K in ConfigKey]: Setting<Config[K]> } = {
  openflow: {
    ...endpoint('127.0.0.1:6653'),
    help: 'where switches connect',
  },
  http: {
    ...endpoint('127.0.0.1:8080'),
    help: 'REST, WebSocket and web view; on loopback only',
  },
  data: {
    value: 'DIR',
    help: 'where policies, names and the last topology are kept (default $XDG_STATE_HOME/signalbox or ~/.local/state/signalbox)',
    allowed: 'a directory, which is made where there is none',
    example: '/var/lib/signalbox',
    default: undefined,
    read: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
  },
  forwarding: {
    ...oneOf(FORWARDING_MODES, 'proactive'),
    value: 'MODE',
    help: 'proactive makes rules for every host ahead of traffic, reactive for each conversation when it begins, off none',
  },
  reactiveMatch: {
    ...oneOf(REACTIVE_MATCHES, 'mac'),
    value: 'MATCH',
    help: 'what is a conversation: mac takes each pair of addresses, 5tuple each flow of TCP, UDP and SCTP',
  },
  idleTimeout: {
    ...whole({ min: 1, max: 65_535, unit: 'seconds', usual: 10 }),
    value: 'SECONDS',
    help: 'rules of a conversation unused for this long go',
  },
  probeInterval: {
    ...whole({ min: 50, max: 60_000, unit: 'milliseconds', usual: 250 }),
    value: 'MS',
    help: 'between two LLDP probes of a link',
  },
  hostTimeout: {
    ...whole({ min: 10, max: 86_400, unit: 'seconds', usual: 900 }),
    value: 'SECONDS',
    help: 'a host silent for longer is forgotten',
  },
  statsInterval: {
    ...orNone(whole({ min: MIN_STATS_INTERVAL_MS, max: 60_000, unit: 'milliseconds', usual: 2_000 })),
    value: 'MS',
    help: "between two readings of a switch's port counters",
  },
  logLevel: {
    ...oneOf(LOG_LEVELS, 'info'),
    value: 'LEVEL',
    help: 'what is logged, and what is graver',
  },
};

export const CONFIG_KEYS = Object.keys(SETTINGS) as readonly ConfigKey[];

/** `hostTimeout` is --host-timeout on the command line … */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** … and SIGNALBOX_HOST_TIMEOUT in the environment. */
export function variableOf(key: string): string {
  return `SIGNALBOX_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** One setting as the help shows it. */
export function helpOf(key: ConfigKey): string {
  const { help, allowed, default: usual } = SETTINGS[key];
  const initial = usual === undefined ? '' : ` (default ${usual})`;
  return `${help}: ${allowed}${initial} [${variableOf(key)}]`;
}

function endpoint(usual: string): Omit<Setting<Endpoint>, 'help'> {
  return {
    value: 'HOST:PORT',
    allowed: 'HOST:PORT with a port from 0 to 65535 (0 takes a free one)',
    example: usual,
    default: usual,
    read: (value) => {
      const parts = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(typeof value === 'string' ? value : '');
      const port = Number(parts?.[3]);
      if (!parts || port > 65_535) return undefined;
      return { host: parts[1] ?? (parts[2] || '127.0.0.1'), port };
    },
  };
}

function oneOf<const T extends string>(
  words: readonly T[],
  usual: NoInfer<T>,
): Pick<Setting<T>, 'allowed' | 'example' | 'default' | 'read'> {
  return {
    allowed: `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    example: usual,
    default: usual,
    read: (value) => words.find((word) => word === value),
  };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly usual: number;
}

function whole({ min, max, unit, usual }: Range): Pick<Setting<number>, 'allowed' | 'example' | 'default' | 'read'> {
  return {
    allowed: `a whole number of ${unit} from ${min} to ${max}`,
    example: String(usual),
    default: String(usual),
    read: (value) => {
      const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max
        ? number
        : undefined;
    },
  };
}

/** The number, or 0 for not at all. */
function orNone(setting: ReturnType<typeof whole>): ReturnType<typeof whole> {
  const { allowed, read } = setting;
  return {
    ...setting,
    allowed: `0 (none), or ${allowed}`,
    read: (value) => (value === 0 || value === '0' ? 0 : read(value)),
  };
}
