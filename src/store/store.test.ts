import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../core/errors.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const M = 0xfeff_ffff_fff1;
const N = 0x0200_0000_0002;

/** Takes a lock as the store does, says so, and keeps it. */
const HOLD = `import Database from 'better-sqlite3';
globalThis.kept = new Database(process.argv[1]).exec('BEGIN IMMEDIATE');
console.log('held');
setInterval(() => {}, 1_000_000);`;

let directory: string;
let stores: Store[];
const open = (path = directory): Store => {
  const store = openStore(path);
  stores.push(store);
  return store;
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signalbox-store-'));
  stores = [];
});
afterEach(() => {
  for (const store of stores) store.close();
  rmSync(directory, { recursive: true });
});

describe('host names', () => {
  it('are kept, changed and taken away', () => {
    const store = open();
    expect(store.hostNames()).toEqual(new Map());
    store.setHostName(M, 'printer');
    store.setHostName(N, 'server');
    store.setHostName(M, 'scanner');
    expect(store.hostNames()).toEqual(
      new Map([
        [M, 'scanner'],
        [N, 'server'],
      ]),
    );
    store.setHostName(N, undefined);
    store.setHostName(0x99, undefined);
    expect(store.hostNames()).toEqual(new Map([[M, 'scanner']]));
  });

  it('are one host’s each', () => {
    const store = open();
    store.setHostName(M, 'printer');
    store.setHostName(M, 'printer');
    expect(() => store.setHostName(N, 'printer')).toThrow(InputError);
    expect(() => store.setHostName(N, 'printer')).toThrow('another host is called printer already');
    expect(store.hostNames()).toEqual(new Map([[M, 'printer']]));
    store.setHostName(M, undefined);
    store.setHostName(N, 'printer');
    expect(store.hostNames()).toEqual(new Map([[N, 'printer']]));
  });
});

describe('what was last known of hosts', () => {
  it('is kept with their names, and goes with them', () => {
    const store = open();
    store.setHostName(M, 'printer');
    expect(store.lastKnown()).toEqual(new Map());
    const entries = new Map([
      [M, '{"ips":[]}'],
      [N, '{}'],
    ]);
    store.saveLastKnown(entries);
    store.setHostName(M, 'scanner');
    expect(store.lastKnown()).toEqual(new Map([[M, '{"ips":[]}']]));
    store.setHostName(M, undefined);
    store.setHostName(M, 'printer');
    expect(store.lastKnown()).toEqual(new Map());
  });
});

describe('documents', () => {
  it('are had again as last saved, by name', () => {
    const store = open();
    expect(store.loadDocument('topology')).toBeUndefined();
    store.saveDocument('topology', '{"a":1}');
    store.saveDocument('other', 'ünï');
    store.saveDocument('topology', '{"a":2}');
    expect([store.loadDocument('topology'), store.loadDocument('other')]).toEqual(['{"a":2}', 'ünï']);
  });
});

describe('the store', () => {
  it('has everything when it is opened again', () => {
    const store = openStore(join(directory, 'new', 'deep'));
    store.setHostName(M, 'printer');
    store.saveDocument('topology', 'text');
    store.close();
    const again = open(join(directory, 'new', 'deep'));
    expect(again.hostNames()).toEqual(new Map([[M, 'printer']]));
    expect(again.loadDocument('topology')).toBe('text');
  });

  it('has what was written when nobody closed it', () => {
    open().setHostName(M, 'printer');
    const copy = join(directory, 'copy');
    mkdirSync(copy);
    for (const file of ['signalbox.db', 'signalbox.db-wal']) cpSync(join(directory, file), join(copy, file));
    expect(open(copy).hostNames()).toEqual(new Map([[M, 'printer']]));
  });

  it('is not opened where a newer version wrote it, and is left as it is', () => {
    openStore(directory).close();
    const path = join(directory, 'signalbox.db');
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(path);
    expect(() => open()).toThrow(InputError);
    expect(() => open()).toThrow(/it was written by a newer Signalbox \(schema 99\); choose another with --data/);
    expect(readFileSync(path)).toEqual(before);
  });

  it('is one process’s at a time, and says whose', () => {
    const store = open();
    expect(() => open()).toThrow(InputError);
    expect(() => open()).toThrow(
      `the data directory ${directory} is in use by another Signalbox, process ${process.pid}; stop it (kill ${process.pid}), or`,
    );
    store.setHostName(M, 'printer');
    rmSync(join(directory, 'signalbox.pid'));
    expect(() => open()).toThrow('is in use by another Signalbox; stop it, or');
    store.close();
    expect(open().hostNames()).toEqual(new Map([[M, 'printer']]));
  });

  it('is free again when its process was killed, whatever that left', async () => {
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', HOLD, join(directory, 'signalbox.lock')], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(holder, 'exit');
    await once(holder.stdout, 'data');
    writeFileSync(join(directory, 'signalbox.pid'), `${holder.pid}\n`);
    expect(() => open()).toThrow(`is in use by another Signalbox, process ${holder.pid};`);
    holder.kill('SIGKILL');
    await ended;
    open().setHostName(M, 'printer');
    expect(readFileSync(join(directory, 'signalbox.pid'), 'utf8')).toBe(`${process.pid}\n`);
  });

  it.each([
    ['file', 'it is a file and no directory (EEXIST)'],
    ['file/below', 'a part of its path is a file and no directory (ENOTDIR)'],
    ['file/below/deep', 'a part of its path is a file and no directory (ENOTDIR)'],
    ['n'.repeat(300), 'its name is too long (ENAMETOOLONG)'],
  ])('says so where the directory cannot be used: %s', (below, reason) => {
    writeFileSync(join(directory, 'file'), '');
    const path = join(directory, below);
    expect(() => open(path)).toThrow(InputError);
    expect(() => open(path)).toThrow(
      `the data directory ${path} cannot be used: ${reason}; choose another with --data`,
    );
  });

  it.runIf(existsSync('/proc/self'))('says so at once where a file system lets nothing be made', () => {
    expect(() => open('/proc/signalbox/deep')).toThrow('cannot be used: no directory can be made there (ENOENT)');
    expect(() => open('/proc')).toThrow('cannot be used: files cannot be made or opened there (SQLITE_CANTOPEN)');
  });

  it('says so where the file is no database, and gives the directory back', () => {
    const file = join(directory, 'signalbox.db');
    writeFileSync(file, 'not a database, but long enough to be taken for one'.repeat(100));
    expect(() => open()).toThrow(InputError);
    expect(() => open()).toThrow('its signalbox.db is no database of Signalbox (SQLITE_NOTADB)');
    rmSync(file);
    open();
  });
});
