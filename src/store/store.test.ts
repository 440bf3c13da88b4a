import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../core/errors.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';

const M = 0xfeff_ffff_fff1;
const N = 0x0200_0000_0002;

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
    expect(open().hostNames()).toEqual(new Map([[M, 'printer']]));
  });

  it('is not opened where a newer version wrote it, and is left as it is', () => {
    openStore(directory).close();
    const path = join(directory, 'signalbox.db');
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(path);
    expect(() => open()).toThrow(InputError);
    expect(() => open()).toThrow(/it was written by a newer Signalbox \(schema 99\)\); choose another with --data/);
    expect(readFileSync(path)).toEqual(before);
  });

  it('says so where the directory cannot be used', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(() => open(path)).toThrow(InputError);
      expect(() => open(path)).toThrow(`the data directory ${path} cannot be used`);
    }
  });

  it('says so where the file is no database', () => {
    writeFileSync(join(directory, 'signalbox.db'), 'not a database, but long enough to be taken for one'.repeat(100));
    expect(() => open()).toThrow(InputError);
  });
});
