/**
 * The network of the reactive benchmark: leaves with hosts in two pods. Each leaf is joined to both spines of its pod, and each
 * spine to both of the other pod: from leaf to leaf of the other pod there are four switches, and ways that are equally short.
 */
import type { PortDesc } from '../../src/openflow/codec/index.ts';

export const SPINES = 4;
/** Where packets come in, and where hosts are that they go to: on every leaf. */
export const IN_PORT = 1;
export const HOST_PORT = 2;
const FIRST_UPLINK = 3;
const FIRST_LEAF_PORT = 3;
/** Hosts in the whole network: enough pairs that none comes twice while its rules are on their way. */
const HOSTS = 2_000;

/** Switches on a packet's way: one, or all that there are between two pods. */
export type WayLength = 1 | 4;

export interface End {
  /** Index of the switch: spines first. */
  readonly index: number;
  readonly port: number;
}

export type Cable = readonly [End, End];

/** A packet of the load: where it comes in, and whose it is. */
export interface Ask {
  readonly leaf: number;
  readonly ethDst: number;
  readonly ethSrc: number;
}

export function dpidOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

function podOf(index: number): number {
  return index < SPINES ? index >> 1 : index & 1;
}

export function cables(switches: number): Cable[] {
  const all: Cable[] = [];
  for (let leaf = SPINES; leaf < switches; leaf++) {
    for (let nth = 0; nth < 2; nth++) {
      const spine = { index: 2 * podOf(leaf) + nth, port: FIRST_LEAF_PORT + leaf - SPINES };
      all.push([{ index: leaf, port: FIRST_UPLINK + nth }, spine]);
    }
  }
  for (const a of [0, 1]) {
    for (const b of [0, 1]) {
      all.push([
        { index: a, port: 1 + b },
        { index: 2 + b, port: 1 + a },
      ]);
    }
  }
  return all;
}

/** The ports of each switch, by its index. */
export function portsOf(switches: number): number[][] {
  const ports = Array.from({ length: switches }, (_, index) => (index < SPINES ? [] : [IN_PORT, HOST_PORT]));
  for (const ends of cables(switches)) for (const { index, port } of ends) ports[index]!.push(port);
  return ports;
}

export function hostsPerLeaf(switches: number): number {
  return Math.max(2, Math.floor(HOSTS / (switches - SPINES)));
}

export function macOf(leaf: number, host: number): number {
  return 0x0200_0000_0000 + leaf * 0x1_0000 + host;
}

/**
 * The packet of a number, over the first so many of the leaves: each has another sender, so that each is a conversation of its own.
 * @param leaves an even number
 */
export function askOf(id: number, way: WayLength, leaves: number, hosts: number): Ask {
  const turn = Math.floor(id / leaves);
  const nth = id % leaves;
  // An odd distance leads to the other pod.
  const to = way === 1 ? nth : (nth + 1 + 2 * (turn % (leaves / 2))) % leaves;
  const host = Math.floor(turn / (leaves / 2)) % hosts;
  return { leaf: SPINES + nth, ethDst: macOf(SPINES + to, host), ethSrc: 0x0600_0000_0000 + (id % 0x1_0000_0000) };
}

export function portDesc(portNo: number, name: string): PortDesc {
  const rates = { curr: 0, advertised: 0, supported: 0, peer: 0, currSpeed: 10_000_000, maxSpeed: 0 };
  return { portNo, name, hwAddr: 0x0a00_0000_0000 + (portNo % 0x1_0000), config: 0, state: 0, ...rates };
}
