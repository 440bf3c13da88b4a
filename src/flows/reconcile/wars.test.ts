import { describe, expect, it } from 'vitest';
import { MAX_REMEMBERED, WAR_QUIET_MS, WAR_REPAIRS, WAR_WINDOW_MS, Wars } from './wars.ts';

describe('a war', () => {
  it('begins with the fifth repair within a minute, once', () => {
    const wars = new Wars();
    const begins = [0, 10, 20, 30, 40, 50, 60].map((now) => wars.repaired('k', now));
    expect(begins.filter(Boolean)).toHaveLength(1);
    expect(begins.indexOf(true)).toBe(WAR_REPAIRS - 1);
    expect(wars.keys(60)).toEqual(['k']);
  });

  it('is none where repairs are rare, or of different rules', () => {
    const wars = new Wars();
    for (let i = 0; i < 50; i++) {
      expect(wars.repaired('slow', (i * WAR_WINDOW_MS) / (WAR_REPAIRS - 1))).toBe(false);
      expect(wars.repaired(`other ${i}`, i)).toBe(false);
    }
    expect(wars.keys(0)).toEqual([]);
  });

  it('lasts until nobody touched the rule for a minute, and may begin anew', () => {
    const wars = new Wars();
    for (let i = 0; i < WAR_REPAIRS; i++) wars.repaired('k', i);
    expect(wars.touched('k', 1_000)).toBe(true);
    expect(wars.touched('other', 1_000)).toBe(false);
    expect(wars.isWar('k', 999 + WAR_QUIET_MS)).toBe(true);
    expect(wars.isWar('k', 1_000 + WAR_QUIET_MS)).toBe(false);
    expect(wars.touched('k', 1_000 + WAR_QUIET_MS)).toBe(false);
    const later = 10 * WAR_QUIET_MS;
    const begins = Array.from({ length: WAR_REPAIRS }, (_, i) => wars.repaired('k', later + i));
    expect(begins.indexOf(true)).toBe(WAR_REPAIRS - 1);
  });

  it('remembers no end of rules', () => {
    const wars = new Wars();
    for (let i = 1; i < WAR_REPAIRS; i++) wars.repaired('early', 0);
    for (let i = 0; i < MAX_REMEMBERED; i++) wars.repaired(`k${i}`, 1);
    expect(wars.repaired('early', 2)).toBe(false);
  });
});
