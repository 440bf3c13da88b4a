import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, unknownVariables } from './config.ts';
import type { ConfigSources } from './config.ts';
import { InputError } from './core/errors.ts';
import { flagOf } from './settings.ts';

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
      reactiveMatch: 'mac',
      idleTimeout: 10,
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

  it('choose reactive forwarding, what a conversation is and how long it lasts', () => {
    const flags = { forwarding: 'reactive', reactiveMatch: '5tuple', idleTimeout: '30' };
    expect(load({ flags })).toMatchObject({ ...flags, idleTimeout: 30 });
    expect(() => load({ flags: { idleTimeout: '0' } })).toThrow('idle-timeout');
    expect(() => load({ flags: { reactiveMatch: 'ip' } })).toThrow('mac or 5tuple');
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
    ['openflow', '6653', 'HOST:PORT with a port from 0 to 65535 (0 takes a free one), such as 127.0.0.1:6653'],
    ['openflow', '127.0.0.1:65536', 'HOST:PORT with a port from 0 to 65535'],
    ['http', '::1:80', 'such as 127.0.0.1:8080'],
    ['http', 'localhost', 'such as 127.0.0.1:8080'],
    ['http', '', 'such as 127.0.0.1:8080'],
    ['data', '', 'a directory'],
    ['forwarding', 'reactively', 'proactive'],
    ['probeInterval', 'soon', 'a whole number of milliseconds from 50 to 60000, such as 250'],
    ['probeInterval', '49', 'from 50 to 60000'],
    ['probeInterval', '100.5', 'a whole number'],
    ['probeInterval', '1e3', 'a whole number'],
    ['hostTimeout', '9', 'a whole number of seconds from 10 to 86400, such as 900'],
    ['hostTimeout', '86401', 'from 10 to 86400'],
    ['statsInterval', '-1', '0 (none), or a whole number of milliseconds from 100 to 60000, such as 2000'],
    ['statsInterval', '99', 'from 100 to 60000'],
    ['statsInterval', '60001', 'from 100 to 60000'],
    ['logLevel', 'loud', 'fatal, error, warn, info, debug, trace or silent, such as info'],
  ])('are told with the flag, the value and what is allowed: %s = %j', (key, value, allowed) => {
    const loading = (): unknown => load({ flags: { [key]: value } });
    expect(loading).toThrow(InputError);
    expect(loading).toThrow(`${JSON.stringify(value)} cannot be used for ${flagOf(key)}: it must be `);
    expect(loading).toThrow(allowed);
  });

  it('are told with the variable or the file that they stand in', () => {
    expect(() => load({ environment: { SIGNALBOX_HOST_TIMEOUT: 'x' } })).toThrow(
      '"x" cannot be used for the variable SIGNALBOX_HOST_TIMEOUT: ',
    );
    const path = file('hostTimeout: [500]\nopenflow: 6653\nhttp:');
    expect(() => load({ file: path })).toThrow(`[500] cannot be used for hostTimeout in the file ${path}: `);
    expect(() => load({ file: path })).toThrow(`6653 cannot be used for openflow in the file ${path}: `);
    expect(() => load({ file: path })).toThrow(`null cannot be used for http in the file ${path}: `);
  });

  it('are all told at once, a line each, and no more of a value than is needed', () => {
    const sources = { flags: { http: 'x'.repeat(1_000) }, environment: { SIGNALBOX_LOG_LEVEL: 'loud' } };
    expect(() => load(sources)).toThrow(
      /^"x{79}… cannot be used for --http: .*\n"loud" cannot be used for the variable/,
    );
  });

  it('are told where a file has a key that is none, with the one that was meant', () => {
    const path = file('probe_interval: 100\nconstructor: 1');
    expect(() => load({ file: path })).toThrow(
      `probe_interval in the file ${path} is no setting (did you mean probeInterval?): there are openflow, http, `,
    );
    expect(() => load({ file: path })).toThrow(`constructor in the file ${path} is no setting: there are`);
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

describe('variables that look like settings and are none', () => {
  it('are told, with the one that was meant or all there are', () => {
    const environment = {
      SIGNALBOX_PROBE_INTERVALL: '1',
      SIGNALBOX_X: '',
      SIGNALBOX_HTTP: ':1',
      SIGNALBOX_CONFIG: 'f',
    };
    expect(unknownVariables({ ...environment, PATH: '/bin' })).toEqual([
      'The variable SIGNALBOX_PROBE_INTERVALL is no setting and has no effect: did you mean SIGNALBOX_PROBE_INTERVAL?',
      expect.stringMatching(
        /^The variable SIGNALBOX_X is .*: there are SIGNALBOX_OPENFLOW, SIGNALBOX_HTTP, .*_CONFIG$/,
      ),
    ]);
  });
});
