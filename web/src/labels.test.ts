import { describe, expect, it } from 'vitest';
import { linear } from '../testing/topologies.ts';
import * as labels from './labels.ts';
import { applyMessage, NO_NETWORK } from './state.ts';
import type { HostInfo, SwitchInfo } from './wire.ts';

const [host] = linear(1).hosts;
const [info] = linear(1).switches;
if (!host || !info) throw new Error('the line of one is empty');

describe('labels', () => {
  it.each<[Partial<HostInfo>, string]>([
    [{ name: 'web' }, 'web'],
    [{ name: null, ips: ['10.0.0.1', '10.0.0.2', 'fe80::1'] }, '10.0.0.2'],
    [{ name: '', ips: ['2001:db8::1', 'fe80::1'] }, '2001:db8::1'],
    [{ name: null, ips: ['fe80::1'] }, 'fe80::1'],
    [{ name: null, ips: [] }, '00:00:00:00:00:01'],
  ])('calls a host with %j %s', (patch, expected) => {
    expect(labels.hostLabel({ ...host, ...patch })).toBe(expected);
  });

  it.each<[Partial<SwitchInfo>, string]>([
    [{ name: 's1' }, 's1'],
    [{ name: '' }, '1'],
    [{ name: '00000000000000ab', dpid: '00000000000000ab' }, 'ab'],
    [{ name: '', dpid: '0000000000000000' }, '0'],
  ])('calls a switch with %j %s', (patch, expected) => {
    expect(labels.switchLabel({ ...info, ...patch })).toBe(expected);
  });

  it('names links and ports by their switches, also by one that is not known', () => {
    const applied = applyMessage(undefined, linear(2));
    const network = applied.kind === 'applied' ? applied.network : NO_NETWORK;
    const [link] = network.links.values();
    expect(link && labels.linkLabel(network, link)).toBe('s1–s2');
    expect(labels.portLabel(network, { dpid: '00000000000000ff', port: 3 })).toBe('ff:3');
  });

  it('tells the state of a link', () => {
    const [link] = linear(2).links;
    if (!link) throw new Error('the line of two has no link');
    expect(labels.linkState(link)).toBe('up');
    expect(labels.linkState({ ...link, bidirectional: false })).toBe('one-way');
    expect(labels.linkState({ ...link, bidirectional: false, up: false })).toBe('down');
  });

  it('shortens in the middle, to the length asked for', () => {
    expect(labels.shorten('building-7-floor-12', 11)).toBe('build…or-12');
    expect(labels.shorten('short', 11)).toBe('short');
  });

  it.each([
    [null, '–'],
    [0, '–'],
    [100, '100 b/s'],
    [1500, '1.5 kb/s'],
    [10_000_000_000, '10 Gb/s'],
  ])('writes %j bits per second as %s', (bps, expected) => {
    expect(labels.formatBps(bps)).toBe(expected);
  });

  it.each([
    [0, '0 s'],
    [59.9, '59 s'],
    [61, '1 min 1 s'],
    [3661, '1 h 1 min'],
    [90_000, '1 d 1 h'],
  ])('writes %d seconds as %s', (seconds, expected) => {
    expect(labels.formatDuration(seconds)).toBe(expected);
  });

  it('orders names as people count', () => {
    expect(['s10', 's2', 'S1'].sort(labels.compareNames)).toEqual(['S1', 's2', 's10']);
  });

  it('writes a moment that is not known as a dash', () => {
    expect(labels.formatMoment(null)).toBe('–');
    expect(labels.formatMoment('soon')).toBe('–');
  });
});
