/** Settings from flags, environment and file, in that order of precedence, checked into one object. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { InputError } from './core/errors.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const endpoint = z.string().transform((text, context): Endpoint => {
  const parts = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (!parts || port > 65_535) {
    context.addIssue({ code: 'custom', message: `"${text}" is not HOST:PORT, such as 127.0.0.1:6653` });
    return z.NEVER;
  }
  return { host: parts[1] ?? (parts[2] || '127.0.0.1'), port };
});

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Switches count in lumps of a few hundred milliseconds: asked more often, they only tell of those. */
const MIN_STATS_INTERVAL_MS = 100;

export const configSchema = z.strictObject({
  openflow: endpoint.default({ host: '127.0.0.1', port: 6653 }),
  http: endpoint.default({ host: '127.0.0.1', port: 8080 }),
  data: z.string().min(1),
  forwarding: z.enum(['proactive', 'off']).default('proactive'),
  probeInterval: z.coerce.number().int().min(50).max(60_000).default(250),
  hostTimeout: z.coerce.number().int().min(10).max(86_400).default(900),
  statsInterval: z.coerce
    .number()
    .int()
    .max(60_000)
    .refine((ms) => ms === 0 || ms >= MIN_STATS_INTERVAL_MS, `must be 0 (off) or at least ${MIN_STATS_INTERVAL_MS}`)
    .default(2_000),
  logLevel: z.enum(LOG_LEVELS).default('info'),
});

export type Config = z.infer<typeof configSchema>;
export type ConfigKey = keyof Config;

export interface Setting {
  readonly key: ConfigKey;
  readonly value: string;
  readonly help: string;
}

/** Every setting as the command line shows it. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'openflow',
    value: 'HOST:PORT',
    help: 'where switches connect (default 127.0.0.1:6653; port 0 takes a free one)',
  },
  {
    key: 'http',
    value: 'HOST:PORT',
    help: 'REST, WebSocket and web view (default 127.0.0.1:8080; port 0 takes a free one)',
  },
  {
    key: 'data',
    value: 'DIR',
    help: 'where policies, names and the last topology are kept (default $XDG_STATE_HOME/signalbox)',
  },
  { key: 'forwarding', value: 'MODE', help: 'proactive: rules for every host ahead of traffic (default); off: none' },
  { key: 'probeInterval', value: 'MS', help: 'between two LLDP probes of a link (default 250)' },
  { key: 'hostTimeout', value: 'SECONDS', help: 'a host silent for longer is forgotten (default 900)' },
  {
    key: 'statsInterval',
    value: 'MS',
    help: "between two readings of a switch's port counters (default 2000; 0 reads none)",
  },
  { key: 'logLevel', value: 'LEVEL', help: `${LOG_LEVELS.join(', ')} (default info)` },
];

/** `hostTimeout` is --host-timeout on the command line … */
export function flagOf(key: ConfigKey): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** … and SIGNALBOX_HOST_TIMEOUT in the environment. */
export function variableOf(key: ConfigKey): string {
  return `SIGNALBOX_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export interface ConfigSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A YAML or JSON file with the settings' names as keys. */
  readonly file: string | undefined;
}

/** Throws InputError that names each setting that cannot be used. A variable that is set to nothing counts as not set. */
export function loadConfig({ flags, environment, file }: ConfigSources): Config {
  const merged: Record<string, unknown> = file === undefined ? {} : readConfigFile(file);
  for (const { key } of SETTINGS) {
    const value = flags[key] ?? (environment[variableOf(key)] || undefined);
    if (value !== undefined) merged[key] = value;
  }
  merged['data'] ??= defaultDataDirectory(environment);
  const result = configSchema.safeParse(merged);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  throw new InputError(`these settings cannot be used: ${problems.join('; ')}`);
}

function readConfigFile(file: string): Record<string, unknown> {
  try {
    const content: unknown = parseYaml(readFileSync(file, 'utf8')) ?? {};
    if (typeof content === 'object' && !Array.isArray(content)) return { ...content };
  } catch (error) {
    throw new InputError(`the file ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  throw new InputError(`the file ${file} must hold names and values, such as "openflow: 127.0.0.1:6653"`);
}

/** The XDG Base Directory Specification lets a relative path count as none. */
function defaultDataDirectory(environment: ConfigSources['environment']): string {
  const state = environment['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'signalbox');
}
