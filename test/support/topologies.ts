/** Shapes of networks, as switches by number from 1 and pairs of them that a link joins. */
export interface Topology {
  readonly name: string;
  readonly switches: number;
  readonly links: readonly (readonly [number, number])[];
}

/** Every switch leads to up to `fanOut` others below it. */
export function tree(switches: number, fanOut: number): Topology {
  const links: [number, number][] = [];
  for (let child = 2; child <= switches; child++) links.push([Math.floor((child - 2) / fanOut) + 1, child]);
  return { name: `tree of ${switches}, fan-out ${fanOut}`, switches, links };
}

/** Rings whose first switches form a ring themselves: long ways, and two of each. */
export function ringOfRings(rings: number, size: number): Topology {
  const links: [number, number][] = [];
  const first = (ring: number): number => (ring % rings) * size + 1;
  for (let ring = 0; ring < rings; ring++) {
    links.push([first(ring), first(ring + 1)]);
    for (let i = 0; i < size; i++) links.push([first(ring) + i, first(ring) + ((i + 1) % size)]);
  }
  return { name: `${rings} rings of ${size}`, switches: rings * size, links };
}

/** The two ends of every link, ports numbered from 1 at each switch. */
export function cabling({ links }: Topology): { readonly a: End; readonly b: End }[] {
  const used = new Map<number, number>();
  const end = (node: number): End => {
    const port = (used.get(node) ?? 0) + 1;
    used.set(node, port);
    return { node, port };
  };
  return links.map(([x, y]) => ({ a: end(x), b: end(y) }));
}

export interface End {
  readonly node: number;
  readonly port: number;
}
