import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSchema, flagOf, loadConfig, SETTINGS, variableOf } from './config.ts';
import type { ConfigSources } from './config.ts';
import { InputError } from './core/errors.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'signalbox-config-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(text: string): string {
  const path = join(directory, 'signalbox.yaml');
  writeFileSync(path, text);
  return path;
}

function load(sources: Partial<ConfigSources> = {}) {
  return loadConfig({ flags: {}, environment: {}, file: undefined, ...sources });
}

describe('settings', () => {
  it('have defaults', () => {
    expect(load()).toEqual({
      openflow: { host: '127.0.0.1', port: 6653 },
      http: { host: '127.0.0.1', port: 8080 },
      data: join(homedir(), '.local', 'state', 'signalbox'),
      forwarding: 'proactive',
      probeInterval: 250,
      hostTimeout: 900,
      statsInterval: 2_000,
      logLevel: 'info',
    });
  });

  it('come from flags before the environment, from there before the file', () => {
    const path = file('{ probeInterval: 100, hostTimeout: 100, logLevel: trace, http: ":1" }');
    const environment = {
      SIGNALBOX_PROBE_INTERVAL: '200',
      SIGNALBOX_HOST_TIMEOUT: '200',
      SIGNALBOX_HTTP: ':2',
      OTHER: '1',
    };
    const config = load({ flags: { probeInterval: '300', http: ':3' }, environment, file: path });
    expect(config).toMatchObject({
      probeInterval: 300,
      hostTimeout: 200,
      logLevel: 'trace',
      http: { host: '127.0.0.1', port: 3 },
    });
  });

  it('read no port counters where their interval is 0', () => {
    expect(load({ flags: { statsInterval: '0' } }).statsInterval).toBe(0);
    expect(load({ flags: { statsInterval: '100' } }).statsInterval).toBe(100);
  });

  it('are read from YAML and from JSON; an empty file sets nothing', () => {
    expect(load({ file: file('openflow: 0.0.0.0:6654\ndata: /srv/data\n# done\n') })).toMatchObject({
      openflow: { host: '0.0.0.0', port: 6654 },
      data: '/srv/data',
    });
    expect(load({ file: file('{"forwarding": "off"}') }).forwarding).toBe('off');
    expect(load({ file: file('') })).toEqual(load());
  });

  it('count as not set where a variable is empty', () => {
    expect(load({ environment: { SIGNALBOX_HTTP: '', SIGNALBOX_DATA: '' } })).toEqual(load());
  });

  it('keep data under XDG_STATE_HOME, where that is a whole path', () => {
    expect(load({ environment: { XDG_STATE_HOME: '/var/state' } }).data).toBe('/var/state/signalbox');
    for (const XDG_STATE_HOME of ['', 'state'])
      expect(load({ environment: { XDG_STATE_HOME } }).data).toBe(load().data);
    expect(load({ environment: { XDG_STATE_HOME: '/var/state' }, flags: { data: 'here' } }).data).toBe('here');
  });

  it.each([
    ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
    [':8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    ['[::1]:80', { host: '::1', port: 80 }],
  ])('read the address %s', (http, expected) => {
    expect(load({ flags: { http } }).http).toEqual(expected);
  });
});

describe('settings that cannot be used', () => {
  it.each([
    ['openflow', '6653'],
    ['openflow', '127.0.0.1:65536'],
    ['http', '::1:80'],
    ['http', 'localhost'],
    ['http', ''],
    ['data', ''],
    ['forwarding', 'reactively'],
    ['probeInterval', 'soon'],
    ['probeInterval', '49'],
    ['probeInterval', '100.5'],
    ['hostTimeout', '9'],
    ['hostTimeout', '86401'],
    ['statsInterval', '-1'],
    ['statsInterval', '99'],
    ['statsInterval', '60001'],
    ['logLevel', 'loud'],
  ])('are named: %s = %j', (key, value) => {
    expect(() => load({ flags: { [key]: value } })).toThrow(InputError);
    expect(() => load({ flags: { [key]: value } })).toThrow(`${key}: `);
  });

  it('are all named at once', () => {
    expect(() => load({ flags: { http: 'x' }, environment: { SIGNALBOX_LOG_LEVEL: 'loud' } })).toThrow(
      /http: .*logLevel: /,
    );
  });

  it('are named where a file has a key that is none', () => {
    expect(() => load({ file: file('probe_interval: 100') })).toThrow('probe_interval');
  });

  it.each([
    ['a list', '- a\n- b'],
    ['a text', 'hello'],
    ['a number', '5'],
  ])('are said to be so where a file holds %s', (_, text) => {
    const path = file(text);
    expect(() => load({ file: path })).toThrow(`the file ${path} must hold names and values`);
  });

  it('are said to be so where a file is not there or is not YAML', () => {
    const missing = join(directory, 'missing.yaml');
    expect(() => load({ file: missing })).toThrow(InputError);
    expect(() => load({ file: missing })).toThrow(missing);
    expect(() => load({ file: file('a: [') })).toThrow(InputError);
  });
});

describe('every setting', () => {
  it('is in the help, once, by the name of its flag and variable', () => {
    expect(SETTINGS.map(({ key }) => key).sort()).toEqual(Object.keys(configSchema.shape).sort());
    for (const { help, value } of SETTINGS) expect(help.length * value.length).toBeGreaterThan(0);
    expect(flagOf('hostTimeout')).toBe('--host-timeout');
    expect(variableOf('hostTimeout')).toBe('SIGNALBOX_HOST_TIMEOUT');
    expect([flagOf('http'), variableOf('http')]).toEqual(['--http', 'SIGNALBOX_HTTP']);
  });

  it('tells in the help the default that it has', () => {
    const shown = {
      probeInterval: '250',
      hostTimeout: '900',
      logLevel: 'info',
      openflow: '127.0.0.1:6653',
      http: '127.0.0.1:8080',
    };
    for (const [key, value] of Object.entries(shown)) {
      expect(SETTINGS.find((setting) => setting.key === key)?.help).toContain(`default ${value}`);
    }
  });
});
