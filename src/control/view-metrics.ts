/** What a view tells of its links: capacities of ports, and what was measured. */
import type { PortRef } from '../core/ids.ts';
import type { NamedLink } from '../topology/paths/graph.ts';
import type { LinkMetrics } from '../topology/paths/metrics.ts';
import type { NetworkView } from '../topology/view.ts';

/** Measurements of links, where there are any; each for the direction that leaves by `out`. */
export interface Measured {
  latencyMs?(link: NamedLink, out: PortRef): number | undefined;
  /** What flows now, bits per second. */
  rateBps?(link: NamedLink, out: PortRef): number | undefined;
}

/** Capacities are those of the slower port; without measurements links are idle. */
export function viewMetrics(view: () => NetworkView, measured: Measured = {}): LinkMetrics {
  const capacity = (link: NamedLink): number | undefined => {
    const speeds = [link.a, link.b].map(({ dpid, port }) => view().switches.get(dpid)?.ports.get(port)?.speedBps ?? 0);
    const known = speeds.filter((speed) => speed > 0);
    return known.length > 0 ? Math.min(...known) : undefined;
  };
  return {
    latencyMs: (link, out) => measured.latencyMs?.(link, out),
    freeBps: (link, out) => {
      const most = capacity(link);
      return most === undefined ? undefined : Math.max(0, most - (measured.rateBps?.(link, out) ?? 0));
    },
    load: (link, out) => {
      const most = capacity(link);
      const rate = measured.rateBps?.(link, out);
      return most === undefined || rate === undefined ? undefined : Math.min(1, rate / most);
    },
  };
}
