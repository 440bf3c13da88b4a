import { describe, expect, it } from 'vitest';
import { buildEthernet } from '../packet/index.ts';
import { ConversationKey } from './conversation-key.ts';
import { RECENT_MS, RecentConversations } from './recent.ts';

function keyOf(ethSrc: number, ethDst = 0x0200_0000_0001): ConversationKey {
  const key = new ConversationKey('mac');
  key.read(buildEthernet({ ethDst, ethSrc, etherType: 0x88b5, payload: Buffer.alloc(46) }));
  return key;
}

describe('recent conversations', () => {
  it('are known for a moment, by their switch', () => {
    const recent = new RecentConversations();
    expect(recent.has(keyOf(1), 5, 0)).toBe(false);
    recent.add(keyOf(1), 5, 0);
    expect(recent.has(keyOf(1), 5, RECENT_MS - 1)).toBe(true);
    expect(recent.has(keyOf(1), 6, 0)).toBe(false);
    expect(recent.has(keyOf(2), 5, 0)).toBe(false);
    expect(recent.has(keyOf(1), 5, RECENT_MS)).toBe(false);
  });

  it('count from the last time', () => {
    const recent = new RecentConversations();
    recent.add(keyOf(1), 0, 0);
    recent.add(keyOf(1), 0, RECENT_MS);
    expect(recent.has(keyOf(1), 0, 2 * RECENT_MS - 1)).toBe(true);
  });

  it('are all known while they are some thousands, and forgotten at once when rules were taken away', () => {
    const recent = new RecentConversations();
    const keys = Array.from({ length: 4_000 }, (_, i) => keyOf(i + 1));
    for (const key of keys) recent.add(key, 0, 0);
    expect(keys.filter((key) => !recent.has(key, 0, 1))).toEqual([]);
    recent.clear();
    expect(keys.filter((key) => recent.has(key, 0, 1))).toEqual([]);
  });

  it('forget the oldest rather than the newest where there are too many', () => {
    const recent = new RecentConversations();
    for (let i = 1; i <= 400_000; i++) recent.add(keyOf(i), 0, i / 10_000);
    for (let i = 399_990; i <= 400_000; i++) expect(recent.has(keyOf(i), 0, 40)).toBe(true);
    expect(recent.has(keyOf(1), 0, 40)).toBe(false);
  });
});
