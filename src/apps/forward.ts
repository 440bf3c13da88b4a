/** Forward: every known host, on every switch, by the shortest way; one unit a host. */
import { formatMac, outputTo, parseMac } from './sdk.ts';
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
    for (const [from, hop] of facts.routesTo(dpid)) {
      output.rule(from, { ...rule, instructions: outputTo(hop.port), after: [hop.arrives] });
    }
  },
};
