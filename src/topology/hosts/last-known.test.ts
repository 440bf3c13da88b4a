import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../core/addresses.ts';
import type { Mac } from '../../core/addresses.ts';
import { createManualClock } from '../../core/manual-clock.ts';
import { Network } from '../network.ts';
import { hostAt } from '../testing/facts.ts';
import { P1, Q1 } from '../testing/segment.ts';
import { LastKnown, MAX_NAMELESS, SAVE_DELAY_MS } from './last-known.ts';

const M = 0x0200_0000_0001;
const IP = 0x0a00_0001;
const IP6 = parseIpv6('2001:db8::1')!;

function start(saved: ReadonlyMap<Mac, string> = new Map()) {
  const clock = createManualClock();
  const network = new Network(clock);
  const named = new Set<Mac>([M]);
  const disk = new Map<Mac, string>();
  const saves: number[] = [];
  const lastKnown = new LastKnown({
    network,
    clock,
    isNamed: (mac) => named.has(mac),
    saved,
    save: (entries) => {
      saves.push(entries.size);
      for (const [mac, text] of entries) disk.set(mac, text);
    },
  });
  const set = (mac: Mac, ...host: Parameters<typeof hostAt> | []): void => {
    network.setHost(mac, host.length > 0 ? hostAt(...(host as Parameters<typeof hostAt>)) : undefined);
    network.flush();
  };
  return { clock, named, disk, saves, lastKnown, set };
}

describe('a host with a name', () => {
  it('is known by what it had last, also when it is gone and after a restart', () => {
    const { clock, lastKnown, disk, saves, set } = start();
    set(M, M, P1, [IP]);
    set(M, M, Q1, [IP, IP6]);
    set(M);
    const last = { at: Q1, ips: [IP, IP6] };
    expect(lastKnown.of(M)).toEqual(last);
    expect(saves).toEqual([]);
    clock.advance(SAVE_DELAY_MS);
    expect(saves).toEqual([1]);
    expect(start(disk).lastKnown.of(M)).toEqual(last);
  });

  it('keeps its addresses in mind while it has told none since it was seen again', () => {
    const { lastKnown, set } = start();
    set(M, M, P1, [IP]);
    set(M);
    set(M, M, Q1);
    expect(lastKnown.of(M)).toEqual({ at: Q1, ips: [IP] });
  });

  it('is saved at the end, and not again where nothing has changed', () => {
    const { clock, lastKnown, saves, set } = start();
    set(M, M, P1, [IP]);
    lastKnown.stop();
    expect(saves).toEqual([1]);
    lastKnown.stop();
    clock.advance(10 * SAVE_DELAY_MS);
    expect(saves).toEqual([1]);
  });

  it('that loses its name is kept in memory only', () => {
    const { clock, named, lastKnown, saves, set } = start();
    set(M, M, P1, [IP]);
    named.delete(M);
    set(M, M, Q1, [IP]);
    set(M);
    clock.advance(SAVE_DELAY_MS);
    expect([lastKnown.of(M), saves]).toEqual([{ at: Q1, ips: [IP] }, []]);
  });

  it.each(['', '{', '[]', '{"ips":["10.0.0.1"],"at":{"dpid":"x","port":1}}'])(
    'is not known where what was saved is %j',
    (text) => {
      expect(start(new Map([[M, text]])).lastKnown.of(M)).toBeUndefined();
    },
  );
});

describe('hosts without a name', () => {
  it('are kept in mind when they go, the latest of them', () => {
    const { lastKnown, set } = start();
    for (let i = 1; i <= MAX_NAMELESS + 1; i++) {
      set(M + i, M + i, P1, [IP + i]);
      expect(lastKnown.of(M + i)).toBeUndefined();
      set(M + i);
    }
    expect(lastKnown.of(M + 1)).toBeUndefined();
    expect(lastKnown.of(M + 2)).toEqual({ at: P1, ips: [IP + 2] });
  });
});
