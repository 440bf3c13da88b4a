import { describe, expect, it } from 'vitest';
import { linear } from '../testing/topologies.ts';
import { applyMessage } from './state.ts';
import { busiest, hostLevel, hostRates, levelOf, linkLevel, loadText, NO_TRAFFIC, trafficOf } from './traffic.ts';
import type { Traffic } from './traffic.ts';
import { parseMessage } from './wire.ts';
import type { LinkRates, PortRates } from './wire.ts';

const MEGABIT = 1e6;
const GIGABIT = 1e9;

const applied = applyMessage(undefined, linear(4));
if (applied.kind === 'gap') throw new Error('a snapshot left a gap');
const { network } = applied;
const links = [...network.links.values()];
const [host] = network.hosts.values();
if (!host) throw new Error('the line has no host');
const at = { dpid: host.switch, port: host.port };

function rates(index: number, aToBBps: number | null, utilization: number | null): LinkRates {
  return { id: links[index]?.id ?? '', aToBBps, bToABps: 0, utilization };
}

function told(message: { links?: readonly LinkRates[]; ports?: readonly PortRates[] }): Traffic {
  return trafficOf({ type: 'stats', version: 1, links: [], ports: [], ...message });
}

describe('the level of a line', () => {
  it.each([
    [0, 0, 0],
    [19_999, 0.009, 0],
    [20_000, 0, 1],
    [5_000, 0.01, 1],
    [GIGABIT, 0.0999, 1],
    [GIGABIT, 0.1, 2],
    [GIGABIT, 0.4, 3],
    [GIGABIT, 0.75, 4],
    [GIGABIT, 3, 4],
    [GIGABIT, null, 1],
    [0, null, 0],
  ])('of %d b/s, a part of %s, is %d', (bps, part, level) => {
    expect(levelOf(bps, part)).toBe(level);
  });

  it('is that of the link, or of the port that leads to the host', () => {
    const traffic = told({
      links: [rates(0, 5 * GIGABIT, 0.5)],
      ports: [{ ...at, rxBps: 100 * MEGABIT, txBps: 8 * GIGABIT }],
    });
    expect(links.map((link) => linkLevel(traffic, link))).toEqual([3, 0, 0]);
    expect(hostRates(traffic, host)?.txBps).toBe(8 * GIGABIT);
    expect(hostLevel(network, traffic, host)).toBe(4);
    expect(hostLevel(network, NO_TRAFFIC, host)).toBe(0);
  });
});

describe('the busiest links', () => {
  it('are those with most of their capacity used, then those with most on them, and no idle ones', () => {
    const traffic = told({
      links: [rates(0, 5 * MEGABIT, null), rates(1, 2 * GIGABIT, 0.2), rates(2, 100, 0.000_1)],
    });
    expect(busiest(network, traffic, 5)).toEqual([links[1], links[0]]);
    expect(busiest(network, traffic, 1)).toEqual([links[1]]);
    expect(busiest(network, NO_TRAFFIC, 5)).toEqual([]);
  });
});

describe('a load in words', () => {
  it.each([
    [undefined, '–'],
    [{ ...rates(0, null, null), bToABps: null }, '–'],
    [rates(0, 0, 0), '0 b/s'],
    [rates(0, 12 * MEGABIT, 0.001_2), '12 Mb/s'],
    [rates(0, 12 * MEGABIT, null), '12 Mb/s'],
    [rates(0, 8 * GIGABIT, 0.8), '8 Gb/s, 80 %'],
  ])('tells %j', (given, text) => {
    expect(loadText(given)).toBe(text);
  });
});

describe('a message of rates', () => {
  const good = { type: 'stats', version: 3, links: [rates(0, 1, null)], ports: [{ ...at, rxBps: null, txBps: 2 }] };

  it('is read, whatever else a later controller adds', () => {
    expect(parseMessage(JSON.stringify({ ...good, leftOut: 3 }))).toMatchObject(good);
  });

  it.each([
    ['a link without a name', { links: [{ ...rates(0, 1, null), id: 7 }] }],
    ['a rate in words', { links: [{ ...rates(0, 1, null), aToBBps: 'much' }] }],
    ['a port without a switch', { ports: [{ port: 1, rxBps: 1, txBps: 1 }] }],
    ['no ports', { ports: undefined }],
  ])('is refused with %s', (_what, wrong) => {
    expect(parseMessage(JSON.stringify({ ...good, ...wrong }))).toBeUndefined();
  });
});
