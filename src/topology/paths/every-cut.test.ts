/** What is kept from view to view, held against every link that can go and come back on small graphs. */
import { describe, expect, it } from 'vitest';
import { hopsBetween } from '../testing/brute-force.ts';
import { graphOf, pairsOf, shapes } from '../testing/graphs.ts';
import { AllPairs } from './all-pairs.ts';
import type { PairsChange } from './all-pairs.ts';
import { UNREACHED } from './bfs.ts';
import type { FollowedLink, FollowedView } from './follow.ts';

const NODES = 6;
const PAIRS = pairsOf(NODES);

describe('the distances of all pairs', () => {
  /** Those of every graph, by the set of its links. */
  const known = Array.from({ length: 2 ** PAIRS.length }, (_, set) => distancesOf(set));

  it('are right after each link has gone and has come back, on every shape of up to six nodes', () => {
    const network = new Toggled(known);
    for (const { links } of shapes(NODES)) {
      const own = links.map(({ a, b }) =>
        PAIRS.findIndex(([x, y]) => numberOf(a.dpid) === x && numberOf(b.dpid) === y),
      );
      for (let link = 0; link < PAIRS.length; link++)
        if (own.includes(link) !== network.has(link)) network.toggle(link);
      for (const link of own) {
        network.toggle(link);
        network.toggle(link);
      }
    }
  });

  it('are right on a way through every graph of six nodes, one link at a time, and beside that way', () => {
    const network = new Toggled(known);
    for (let step = 1; step <= known.length; step++) {
      network.toggle(step % PAIRS.length);
      network.toggle(step % PAIRS.length);
      // Gray's code: the lowest bit of the step's number is the link in which the next graph differs.
      if (step < known.length) network.toggle(31 - Math.clz32(step & -step));
    }
    expect(network.seen.size).toBe(known.length);
  });
});

function numberOf(dpid: string): number {
  return Number.parseInt(dpid, 16) - 1;
}

/** The distances to each node, one after the other. */
function distancesOf(set: number): Int8Array {
  const rows = hopsBetween(
    NODES,
    PAIRS.filter((_, link) => (set >> link) & 1),
  );
  return Int8Array.from(rows.flat(), (hops) => (hops === Infinity ? UNREACHED : hops));
}

/** Six switches without links at first. Whenever a link is put in or taken out all distances are looked at. */
class Toggled {
  /** Every graph there has been. */
  readonly seen = new Set<number>();
  readonly #known: readonly Int8Array[];
  readonly #pairs = new AllPairs();
  readonly #links: readonly FollowedLink[];
  readonly #present = new Map<string, FollowedLink>();
  readonly #view: FollowedView<FollowedLink>;
  #set = 0;

  constructor(known: readonly Int8Array[]) {
    const { dpids, links } = graphOf(NODES, PAIRS);
    this.#known = known;
    this.#links = links.map((link) => ({ ...link, bidirectional: true }));
    this.#view = { switches: new Map(dpids.map((dpid) => [dpid, { away: false }])), links: this.#present };
    this.#pairs.update(this.#view, { switches: dpids, links: [] });
  }

  has(index: number): boolean {
    return ((this.#set >> index) & 1) === 1;
  }

  toggle(index: number): void {
    const link = this.#links[index]!;
    const before = this.#known[this.#set]!;
    if (!this.#present.delete(link.id)) this.#present.set(link.id, link);
    this.#set ^= 1 << index;
    this.seen.add(this.#set);
    const told = this.#pairs.update(this.#view, { switches: [], links: [link.id] });
    const isRewired = told.rewired.has(link.a.dpid) && told.rewired.has(link.b.dpid) && told.rewired.size === 2;
    if (!isRewired) expect([...told.rewired].sort()).toEqual([link.a.dpid, link.b.dpid]);
    this.#expectDistances(before, told);
  }

  /** They are right, and those that are not what they were are told of, and no others. */
  #expectDistances(before: Int8Array, told: PairsChange): void {
    const known = this.#known[this.#set]!;
    for (let target = 0; target < NODES; target++) {
      const row = this.#pairs.to(target);
      const moved = told.moved.get(target) ?? [];
      for (let node = 0, at = target * NODES; node < NODES; node++, at++) {
        if (row[node] !== known[at]) expect(row[node], `${node} to ${target} in ${this.#set}`).toBe(known[at]);
        const isOther = known[at] !== before[at];
        if (moved.includes(node) !== isOther) expect(isOther, `${node} to ${target} in ${this.#set}`).toBe(!isOther);
      }
    }
  }
}
