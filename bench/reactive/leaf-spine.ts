/** The network of the reactive benchmark: leaves with hosts, each joined to two spines. Every way between leaves has three switches. */
export const SPINES = 2;
/** Where hosts are on every leaf. */
export const HOST_PORT = 1;
/** Hosts in the whole network: enough pairs that none comes twice while its rules are on their way. */
const HOSTS = 2_000;

export interface End {
  /** Index of the switch: spines first. */
  readonly index: number;
  readonly port: number;
}

export function dpidOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

/** The port of a leaf that leads to a spine, and of that spine back. */
function uplink(leaf: number, spine: number): readonly [End, End] {
  return [
    { index: leaf, port: 2 + spine },
    { index: spine, port: 1 + leaf - SPINES },
  ];
}

export function cables(switches: number): (readonly [End, End])[] {
  const all: (readonly [End, End])[] = [];
  for (let leaf = SPINES; leaf < switches; leaf++) {
    for (let spine = 0; spine < SPINES; spine++) all.push(uplink(leaf, spine));
  }
  return all;
}

export function portsOf(index: number, switches: number): number[] {
  if (index >= SPINES) return [HOST_PORT, ...Array.from({ length: SPINES }, (_, spine) => 2 + spine)];
  return Array.from({ length: switches - SPINES }, (_, leaf) => 1 + leaf);
}

export function hostsPerLeaf(switches: number): number {
  return Math.max(2, Math.floor(HOSTS / (switches - SPINES)));
}

export function macOf(leaf: number, host: number): number {
  return 0x0200_0000_0000 + leaf * 0x1_0000 + host;
}
