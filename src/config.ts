/** Settings from flags, environment and file, in that order of precedence, checked into one object. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { didYouMean, nearest } from './core/did-you-mean.ts';
import { InputError } from './core/errors.ts';
import { CONFIG_KEYS, flagOf, SETTINGS, variableOf } from './settings.ts';
import type { Config, ConfigKey } from './settings.ts';

export type { Config, Endpoint } from './settings.ts';

const PREFIX = 'SIGNALBOX_';
/** Names a file, by the way that a flag would; it is no setting of its own. */
export const FILE_VARIABLE = `${PREFIX}CONFIG`;
/** Of a value that cannot be used, so much is said again. */
const MAX_SHOWN = 80;

export interface ConfigSources {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A YAML or JSON file with the settings' names as keys. */
  readonly file: string | undefined;
}

/** A value, and where it was written, as a person would look for it. */
interface Given {
  readonly value: unknown;
  readonly where: string;
}

/** Throws InputError that names each setting that cannot be used. A variable that is set to nothing counts as not set. */
export function loadConfig(sources: ConfigSources): Config {
  const inFile = sources.file === undefined ? {} : readConfigFile(sources.file);
  const problems = unknownKeys(inFile, sources.file);
  const config: Partial<Record<ConfigKey, unknown>> = {};
  for (const key of CONFIG_KEYS) {
    const { value, where } = given(key, sources, inFile);
    const { allowed, example, read } = SETTINGS[key];
    config[key] = read(value);
    if (config[key] === undefined)
      problems.push(`${shown(value)} cannot be used for ${where}: it must be ${allowed}, such as ${example}`);
  }
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  return config as Config;
}

/** A sentence for each variable that looks like a setting and is none. */
export function unknownVariables(environment: ConfigSources['environment']): string[] {
  const known = [...CONFIG_KEYS.map(variableOf), FILE_VARIABLE];
  const endings = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => {
      const meant = nearest(name.slice(PREFIX.length), endings);
      const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${PREFIX}${meant}?`;
      return `The variable ${name} is no setting and has no effect: ${hint}`;
    });
}

function given(key: ConfigKey, { flags, environment, file }: ConfigSources, inFile: Record<string, unknown>): Given {
  const flag = flagOf(key);
  const variable = variableOf(key);
  if (flags[key] !== undefined) return { value: flags[key], where: flag };
  if (environment[variable]) return { value: environment[variable], where: `the variable ${variable}` };
  if (Object.hasOwn(inFile, key)) return { value: inFile[key], where: `${key} in the file ${file}` };
  return { value: SETTINGS[key].default ?? defaultDataDirectory(environment), where: flag };
}

function unknownKeys(inFile: Record<string, unknown>, file: string | undefined): string[] {
  return Object.keys(inFile)
    .filter((key) => !Object.hasOwn(SETTINGS, key))
    .map(
      (key) =>
        `${key} in the file ${file} is no setting${didYouMean(key, CONFIG_KEYS)}: there are ${CONFIG_KEYS.join(', ')}`,
    );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function readConfigFile(file: string): Record<string, unknown> {
  const content = parseConfigFile(file) ?? {};
  if (typeof content === 'object' && !Array.isArray(content)) return { ...content };
  throw new InputError(
    `the file ${file} must hold names and values, such as "openflow: 127.0.0.1:6653"; the names are ${CONFIG_KEYS.join(', ')}`,
  );
}

function parseConfigFile(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(
      `the settings cannot be read from the file ${file} (--config or ${FILE_VARIABLE}): ${reason}`,
      {
        cause: error,
      },
    );
  }
}

/** The XDG Base Directory Specification lets a relative path count as none. */
function defaultDataDirectory(environment: ConfigSources['environment']): string {
  const state = environment['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'signalbox');
}
