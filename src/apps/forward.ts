/**
 * Forward: every known host, on every switch; one unit a host. At its own switch a rule sends to its port, on all others the
 * same rule hands on to the group that leads to its switch.
 */
import { formatMac, nextHopGroup, outputTo, parseMac, toGroup } from './sdk.ts';
import type { App } from './sdk.ts';

const PRIORITY = 100;

export const forward: App = {
  name: 'forward',
  id: 5,
  units: (facts) => facts.hosts().map(formatMac),
  build: (facts, unit, output) => {
    const host = facts.host(parseMac(unit)!);
    if (!host || !facts.isHostPort(host.at)) return;
    const { dpid, port } = host.at;
    const rule = { table: 'forward', priority: PRIORITY, match: { ethDst: host.mac } } as const;
    output.rule(dpid, { ...rule, instructions: outputTo(port) });
    output.rule(facts.sourcesOf(dpid), { ...rule, instructions: toGroup(nextHopGroup(dpid)) });
  },
};
