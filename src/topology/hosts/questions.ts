/**
 * Frames that make hosts speak: who has this address? They come from the controller's own addresses and teach no host
 * anything wrong: ARP asks from nobody (RFC 5227 section 2.1.1), which every host answers and none remembers.
 */
import type { Ip, Mac } from '../../core/addresses.ts';
import { ARP_OP, buildArp, buildNeighborSolicitation } from '../../packet/index.ts';

/** Locally administered, the same in every run: what carries it is ours and no host's. */
export const CONTROLLER_MAC: Mac = 0x0253_4942_4f58;
const CONTROLLER_IP6 = linkLocalOf(CONTROLLER_MAC);

/** Whom to ask; without it, all that hear the question. */
export interface Asked {
  readonly mac: Mac;
  readonly vlan: number | undefined;
}

/** An ARP request or a neighbour solicitation for an address. */
export function whoHas(ip: Ip, asked?: Asked): Uint8Array {
  const tags = asked?.vlan === undefined ? [] : [{ vid: asked.vlan }];
  if (typeof ip === 'number') {
    const to = asked ? { ethDst: asked.mac } : {};
    return buildArp({ op: ARP_OP.REQUEST, sha: CONTROLLER_MAC, spa: 0, tha: 0, tpa: ip, tags, ...to });
  }
  const to = asked ? { ethDst: asked.mac, dst: ip } : {};
  return buildNeighborSolicitation({ ethSrc: CONTROLLER_MAC, src: CONTROLLER_IP6, target: ip, tags, ...to });
}

/** The link-local address that a host makes of its MAC if it is not told otherwise (RFC 4291 appendix A). */
export function linkLocalOf(mac: Mac): bigint {
  const bits = BigInt(mac) ^ 0x0200_0000_0000n;
  return (0xfe80n << 112n) | ((bits >> 24n) << 40n) | (0xfffen << 24n) | (bits & 0xff_ffffn);
}
