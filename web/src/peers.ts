/** What the ports of a switch lead to. */
import type { Network } from './state.ts';
import type { HostInfo, LinkInfo, PortRef } from './wire.ts';

export type Peer =
  | { readonly kind: 'link'; readonly link: LinkInfo; readonly far: PortRef }
  | { readonly kind: 'host'; readonly host: HostInfo };

/** Links and hosts of a switch by port number. */
export function peersOf(network: Network, dpid: string): ReadonlyMap<number, readonly Peer[]> {
  const peers = new Map<number, Peer[]>();
  const add = (port: number, peer: Peer): void => {
    const there = peers.get(port);
    if (there === undefined) peers.set(port, [peer]);
    else there.push(peer);
  };
  for (const link of network.links.values()) {
    if (link.a.dpid === dpid) add(link.a.port, { kind: 'link', link, far: link.b });
    if (link.b.dpid === dpid) add(link.b.port, { kind: 'link', link, far: link.a });
  }
  for (const host of network.hosts.values()) if (host.switch === dpid) add(host.port, { kind: 'host', host });
  return peers;
}
