/** Finds things by name, IP, MAC, dpid or, for links, by their two ends. */
import { compareNames, hostLabel, linkLabel, portLabel, shortDpid, switchLabel } from './labels.ts';
import type { Selection } from './selection.ts';
import type { Network } from './state.ts';

export interface Found {
  readonly selection: Selection;
  readonly label: string;
  /** What tells it from others of its name. */
  readonly detail: string;
  /** How well it fits: 0 exactly, 1 at the start, 2 somewhere. */
  readonly rank: number;
}

/** As many as the drop-down shows without scrolling. */
export const RESULT_LIMIT = 8;

const HEX_ONLY = /^(0x)?[0-9a-f]+$/;

/** The best fits for a query, best first; none for an empty one. */
export function search(network: Network, query: string, limit: number = RESULT_LIMIT): readonly Found[] {
  const wanted = normalise(query);
  if (wanted === '') return [];
  const found: Found[] = [];
  for (const info of network.switches.values()) {
    const rank = bestRank(wanted, [switchLabel(info), info.name, info.dpid, shortDpid(info.dpid)]);
    const selection: Selection = { kind: 'switch', id: info.dpid };
    if (rank !== undefined) found.push({ selection, label: switchLabel(info), detail: info.dpid, rank });
  }
  for (const host of network.hosts.values()) {
    const rank = bestRank(wanted, [hostLabel(host), host.mac, ...host.ips]);
    const at = portLabel(network, { dpid: host.switch, port: host.port });
    const detail = `${[...host.ips, host.mac].join(' ')} at ${at}`;
    if (rank !== undefined)
      found.push({ selection: { kind: 'host', id: host.mac }, label: hostLabel(host), detail, rank });
  }
  if (wanted.includes('-')) {
    for (const link of network.links.values()) {
      const label = linkLabel(network, link);
      const [a = '', b = ''] = label.split('–');
      const rank = bestRank(wanted, [`${a}-${b}`, `${b}-${a}`, link.id]);
      const detail = `${portLabel(network, link.a)} to ${portLabel(network, link.b)}`;
      if (rank !== undefined) found.push({ selection: { kind: 'link', id: link.id }, label, detail, rank });
    }
  }
  found.sort((a, b) => a.rank - b.rank || compareNames(a.label, b.label));
  return found.slice(0, limit);
}

/** Lower case, one kind of dash, MACs with colons, hexadecimal dpids without 0x. */
function normalise(query: string): string {
  const text = query.trim().toLowerCase().replaceAll('–', '-');
  if (/^([0-9a-f]{2}-){2,5}[0-9a-f]{0,2}$/.test(text)) return text.replaceAll('-', ':');
  return HEX_ONLY.test(text) ? text.replace(/^0x/, '') : text;
}

function bestRank(wanted: string, names: readonly string[]): number | undefined {
  let best: number | undefined;
  for (const name of names) {
    const at = name.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    const rank = at > 0 ? 2 : name.length === wanted.length ? 0 : 1;
    if (best === undefined || rank < best) best = rank;
  }
  return best;
}
