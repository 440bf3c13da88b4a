/** Networks with something known of every link, and questions about them, from a graph and a number: the same each time. */
import type { Dpid, LinkId, PortRef } from '../../core/ids.ts';
import type { PathQuery } from '../../northbound/services.ts';
import { buildGraph } from '../../topology/paths/graph.ts';
import type { LinkMetrics } from '../../topology/paths/metrics.ts';
import { switchOf } from '../../topology/testing/facts.ts';
import type { TestGraph } from '../../topology/testing/graphs.ts';
import { EMPTY_VIEW } from '../../topology/view.ts';
import type { Link, Switch } from '../../topology/view.ts';
import type { PathNetwork } from '../path-problem.ts';
import type { DirectionFacts, Facts } from './path-oracle.ts';

export interface Scenario {
  readonly network: PathNetwork;
  readonly facts: Facts;
  readonly query: PathQuery;
}

const LOADS = [0, 0.5, 0.75, 0.9] as const;
const BANDWIDTHS = [undefined, 10, 100, 1_000] as const;
/** Neither here nor in any network. */
const STRANGER = 'ffffffffffffffff';

/** Most of the questions ask for a few things at once, and some for what cannot be. */
export function scenarioOf({ dpids, links: cables }: TestGraph, seed: number): Scenario {
  const random = new Random(seed);
  const switches = new Map(dpids.map((dpid) => [dpid, someSwitch(dpid, random)]));
  const links = cables.map((cable): Link => ({ ...cable, bidirectional: true }));
  const facts = someFacts(links, random);
  const absent = new Set(dpids.filter((dpid) => switches.get(dpid)!.away || !switches.get(dpid)!.connected));
  const view = { ...EMPTY_VIEW, switches, links: new Map(links.map((link) => [link.id, link])) };
  const metrics: LinkMetrics = {
    latencyMs: (link, out) => facts(link.id, out).latencyMs,
    freeBps: (link, out) => facts(link.id, out).freeBps,
    load: (link, out) => facts(link.id, out).load,
  };
  return {
    network: { graph: buildGraph(dpids, links), view, metrics },
    facts: { links, absent, of: (link, out) => facts(link.id, out) },
    query: someQuery({ dpids, links }, random),
  };
}

/** Made once: most of the time would go into these. */
const SWITCHES = new Map<string, Switch>();

function someSwitch(dpid: Dpid, random: Random): Switch {
  const state = (['away', 'lost'] as const)[random.below(12)] ?? 'present';
  const known = SWITCHES.get(`${dpid} ${state}`);
  if (known) return known;
  const made = { ...switchOf(dpid, []), connected: state === 'present', away: state === 'away' };
  SWITCHES.set(`${dpid} ${state}`, made);
  return made;
}

type Direction = DirectionFacts & { readonly latencyMs: number | undefined; readonly load: number };

function someFacts(links: readonly Link[], random: Random): (id: LinkId, out: PortRef) => Direction {
  const some = (): Direction => {
    const load = random.of(LOADS);
    const latencyUs = random.below(5) === 0 ? undefined : 1 + random.below(3_000);
    return {
      load,
      loadCost: { 0: 1, 0.5: 2, 0.75: 4, 0.9: 10 }[load],
      latencyMs: latencyUs === undefined ? undefined : latencyUs / 1_000,
      // What was not measured counts a millisecond.
      latencyUs: latencyUs ?? 1_000,
      freeBps: random.of(BANDWIDTHS),
    };
  };
  const known = new Map(links.map(({ id, a }) => [id, { a, there: some(), back: some() }]));
  return (id, out) => {
    const { a, there, back } = known.get(id)!;
    return out.dpid === a.dpid ? there : back;
  };
}

function someQuery(
  { dpids, links }: Pick<TestGraph, 'dpids'> & { readonly links: readonly Link[] },
  random: Random,
): PathQuery {
  const dpid = (): Dpid => random.of(dpids);
  const several = <T>(one: () => T, odds: number): T[] => {
    const found: T[] = [];
    while (found.length < 3 && random.below(odds) === 0) found.push(one());
    return found;
  };
  const [from, to] = [dpid(), dpid()];
  const via = several(dpid, 3);
  // Ends may be named, in their place.
  if (via.length > 0 && random.below(6) === 0) via.unshift(from);
  if (via.length > 0 && random.below(6) === 0) via.push(to);
  const avoided = several(() => (random.below(20) === 0 ? STRANGER : dpid()), 4);
  const cut = links.length === 0 ? [] : several(() => random.of(links).id, 3);
  return {
    from: { dpid: from },
    to: { dpid: to },
    k: 1 + random.below(6),
    disjoint: random.of([undefined, undefined, 'links', 'nodes']),
    metric: random.of(['hops', 'latency', 'load', undefined]),
    via: via.length > 0 ? via : undefined,
    avoid: avoided.length + cut.length > 0 ? { switches: avoided, links: cut } : undefined,
    minBandwidthBps: random.below(4) === 0 ? random.of([0, 50, 500]) : undefined,
    maxLatencyMs: random.below(3) === 0 ? random.below(9_000) / 1_000 : undefined,
  };
}

/** Numbers that look random (mulberry32) and are the same for each seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0, less than `most`. */
  below(most: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * most);
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
