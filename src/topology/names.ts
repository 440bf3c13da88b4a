/** Names of places, for sentences. */
import type { PortRef } from '../core/ids.ts';
import type { Network } from './network.ts';

/** Such as `s1 port 3`. */
export function placeName(network: Network, { dpid, port }: PortRef): string {
  return `${network.switch(dpid)?.name ?? dpid} port ${port}`;
}
