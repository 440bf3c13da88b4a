/**
 * Where everything stands. Each switch has a home from the arrangement, each host a home beside its switch; d3-force
 * glides them there and keeps them apart. A newcomer starts beside its neighbour and looks for room by itself; nothing
 * else moves for it. The simulation cools and stops.
 */
import { forceCollide, forceLink, forceSimulation } from 'd3-force';
import type { Simulation, SimulationLinkDatum } from 'd3-force';
import { arrange, hostOffsets } from './arrange/arrange.ts';
import type { Place } from './arrange/arrange.ts';
import { fabricOf } from './arrange/fabric.ts';
import type { Fabric } from './arrange/fabric.ts';
import { boxOf, hashUnit, LINK_LENGTH, SWITCH_RADIUS } from './arrange/geometry.ts';
import type { Box, Point } from './arrange/geometry.ts';
import { createGrowth } from './arrange/growth.ts';
import type { Baseline, Growth } from './arrange/growth.ts';
import { levelsOf } from './arrange/levels.ts';
import { forceHome, forceRepelLoose } from './forces.ts';
import { beside, hostKey, isPlaced, newNode, pinOf, placeAt, roomOf, switchKey } from './layout-node.ts';
import type { LayoutNode } from './layout-node.ts';
import { NOTHING_REMEMBERED } from './memory.ts';
import type { Remembered } from './memory.ts';
import type { Network } from './state.ts';

type Edge = SimulationLinkDatum<LayoutNode> & { readonly source: LayoutNode; readonly target: LayoutNode };

export interface Layout {
  readonly nodes: () => readonly LayoutNode[];
  readonly node: (key: string) => LayoutNode | undefined;
  /** Takes the network in; true where something has to move. */
  readonly update: (network: Network) => boolean;
  /** Forgets all places and arranges anew. */
  readonly rearrange: () => void;
  /** One step; false once everything stands still. */
  readonly tick: () => boolean;
  /** All steps at once, for those who want no motion. */
  readonly settle: () => void;
  readonly dragTo: (key: string, at: Point) => void;
  /** Ends a drag; the node stays pinned where it is. */
  readonly drop: (key: string) => void;
  /** Lets a pinned node go home. */
  readonly release: (key: string) => void;
  readonly bounds: () => Box | undefined;
  /** What to keep for the next visit. */
  readonly remember: () => Remembered;
}

export interface LayoutOptions {
  readonly remembered?: Remembered | undefined;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

/** About 130 steps from hot to cold: two seconds at 60 frames a second. */
const ALPHA_DECAY = 0.05;
const ALPHA_DRAGGING = 0.3;
/** Slower than this (units a step), nobody sees a node move. */
const STILL_SPEED = 0.03;
/** No simulation takes longer than this; the bound of settle(). */
const STEP_LIMIT = 400;

export function createLayout({
  remembered = NOTHING_REMEMBERED,
  now = () => performance.now(),
}: LayoutOptions = {}): Layout {
  return new ForceLayout(remembered, createGrowth({ baseline: baselineOf(remembered), now }));
}

function baselineOf(remembered: Remembered): Baseline | undefined {
  if (remembered.switches.size === 0) return undefined;
  const [switches, links] = [new Set(remembered.switches.keys()), new Set(remembered.links)];
  return { switches, links, levels: new Map(), places: new Map() };
}

class ForceLayout implements Layout {
  readonly #growth: Growth;
  readonly #simulation: Simulation<LayoutNode, Edge>;
  readonly #links = forceLink<LayoutNode, Edge>();
  #byKey = new Map<string, LayoutNode>();
  #order: LayoutNode[] = [];
  /** Homes by dpid, also of switches that are gone: they may come back. */
  #homes: Map<string, Place>;
  /** Pins by key, also of what is gone. */
  #pins: Map<string, Point>;
  /** Switches that found their home while they had no link: worth another look once they have one. */
  readonly #stranded = new Set<string>();
  #network: Network | undefined;
  #fabric: Fabric | undefined;
  #dragging: string | undefined;

  constructor(remembered: Remembered, growth: Growth) {
    this.#growth = growth;
    this.#homes = new Map(remembered.switches);
    this.#pins = new Map(remembered.pins);
    this.#links.distance(LINK_LENGTH).strength((edge) => (isLoose(edge.source) || isLoose(edge.target) ? 0.4 : 0));
    this.#simulation = forceSimulation<LayoutNode, Edge>([])
      .stop()
      .alphaDecay(ALPHA_DECAY)
      .force('home', forceHome())
      .force('loose', forceRepelLoose())
      .force('links', this.#links)
      .force('collide', forceCollide<LayoutNode>(roomOf).strength(0.7));
    this.#simulation.alpha(0);
  }

  nodes = (): readonly LayoutNode[] => this.#order;
  node = (key: string): LayoutNode | undefined => this.#byKey.get(key);

  update = (network: Network): boolean => {
    if (network === this.#network) return false;
    this.#network = network;
    const fabric = fabricOf(network);
    this.#fabric = fabric;
    const levels = levelsOf(fabric);
    const verdict = this.#growth.observe(fabric, levels, network.links.keys());
    if (verdict === 'start-over') this.#unpinAll();
    if (verdict !== 'keep') this.#takeHomes(arrange(fabric, levels));
    const changed = this.#sync(network, fabric) || verdict !== 'keep';
    if (changed) this.#reheat(verdict === 'keep' ? 0.6 : 1);
    return changed;
  };

  rearrange = (): void => {
    if (this.#fabric === undefined || this.#network === undefined) return;
    this.#unpinAll();
    this.#takeHomes(arrange(this.#fabric, levelsOf(this.#fabric)));
    this.#sync(this.#network, this.#fabric);
    this.#reheat(1);
  };

  tick = (): boolean => {
    if (this.#simulation.alpha() < this.#simulation.alphaMin()) return false;
    this.#simulation.tick();
    if (this.#dragging === undefined && this.#isStill()) this.#simulation.alpha(0);
    if (this.#simulation.alpha() >= this.#simulation.alphaMin()) return true;
    this.#adopt();
    return false;
  };

  settle = (): void => {
    for (let step = 0; step < STEP_LIMIT && this.tick(); step++);
  };

  dragTo = (key: string, { x, y }: Point): void => {
    const node = this.#byKey.get(key);
    if (node === undefined) return;
    this.#dragging = key;
    [node.fx, node.fy] = [x, y];
    if (this.#simulation.alphaTarget() === 0) this.#simulation.alphaTarget(ALPHA_DRAGGING);
    if (this.#simulation.alpha() < ALPHA_DRAGGING) this.#simulation.alpha(ALPHA_DRAGGING);
  };

  drop = (key: string): void => {
    const node = this.#byKey.get(key);
    this.#dragging = undefined;
    this.#simulation.alphaTarget(0);
    const pin = node && pinOf(node);
    if (pin === undefined) return;
    this.#pins.set(key, pin);
    this.#seatHosts();
    this.#reheat(0.4);
  };

  release = (key: string): void => {
    const node = this.#byKey.get(key);
    if (node === undefined) return;
    this.#pins.delete(key);
    [node.fx, node.fy] = [null, null];
    this.#seatHosts();
    this.#reheat(0.6);
  };

  bounds = (): Box | undefined => {
    if (this.#order.length === 0) return undefined;
    return boxOf(this.#order, SWITCH_RADIUS * 1.6);
  };

  remember = (): Remembered => ({
    switches: this.#homes,
    pins: this.#pins,
    links: [...(this.#network?.links.keys() ?? [])],
  });

  #switchNode(dpid: string): LayoutNode | undefined {
    return this.#byKey.get(switchKey(dpid));
  }

  #unpinAll(): void {
    this.#pins.clear();
    for (const node of this.#order) [node.fx, node.fy] = [null, null];
  }

  #takeHomes(places: ReadonlyMap<string, Place>): void {
    for (const [dpid, place] of places) this.#homes.set(dpid, place);
    this.#stranded.clear();
    for (const node of this.#order) if (node.kind === 'switch') node.home = this.#homes.get(node.id);
  }

  /** Makes nodes and edges match the network; true where something changed. */
  #sync(network: Network, fabric: Fabric): boolean {
    const before = this.#byKey;
    const fresh: LayoutNode[] = [];
    const next = new Map<string, LayoutNode>();
    const take = (kind: 'switch' | 'host', id: string, key: string): void => {
      const node = before.get(key) ?? newNode(kind, id, this.#pins.get(key));
      next.set(key, node);
      if (!before.has(key)) fresh.push(node);
    };
    for (const dpid of network.switches.keys()) take('switch', dpid, switchKey(dpid));
    for (const mac of network.hosts.keys()) take('host', mac, hostKey(mac));
    const gone = [...before.keys()].some((key) => !next.has(key));
    this.#byKey = next;
    this.#order = [...next.values()];
    for (const node of fresh) if (node.kind === 'switch') this.#settleIn(node, fabric);
    const loosened = this.#loosenStranded(fabric);
    const moved = this.#seatHosts();
    for (const node of fresh) if (node.kind === 'host') placeAt(node, beside(node.parent, node));
    const edges = this.#edges(network);
    const relinked = edges.length !== this.#links.links().length;
    if (fresh.length > 0 || gone || relinked || loosened) {
      this.#simulation.nodes(this.#order);
      this.#links.links(edges);
    }
    return fresh.length > 0 || loosened || moved;
  }

  /** A newcomer starts where it is known to belong, or beside the first neighbour that stands. */
  #settleIn(node: LayoutNode, fabric: Fabric): void {
    const index = fabric.indexOf.get(node.id) ?? -1;
    const neighbours = (fabric.neighbours[index] ?? []).map((next) => this.#switchNode(fabric.dpids[next] ?? ''));
    const standing = neighbours.find((other) => other !== undefined && isPlaced(other));
    node.home = this.#homes.get(node.id);
    placeAt(node, pinOf(node) ?? node.home ?? (standing === undefined ? this.#freeSpot(node) : beside(standing, node)));
  }

  /** Under the picture, for a switch that nothing leads to yet. */
  #freeSpot(node: LayoutNode): Point {
    const standing = this.#order.filter(isPlaced);
    if (standing.length === 0) return { x: 0, y: 0 };
    const box = boxOf(standing, 0);
    return { x: box.minX + hashUnit(node.key) * (box.maxX - box.minX), y: box.maxY + LINK_LENGTH / 2 };
  }

  #loosenStranded(fabric: Fabric): boolean {
    let loosened = false;
    for (const dpid of this.#stranded) {
      const node = this.#switchNode(dpid);
      if (node === undefined || (fabric.neighbours[fabric.indexOf.get(dpid) ?? -1] ?? []).length === 0) continue;
      this.#stranded.delete(dpid);
      node.home = undefined;
      loosened = true;
    }
    return loosened;
  }

  /** Gives every host its place beside its switch; true where one has a new place. */
  #seatHosts(): boolean {
    const fabric = this.#fabric;
    if (fabric === undefined) return false;
    const placeOf = (dpid: string): Place | undefined => {
      const node = this.#switchNode(dpid);
      const home = this.#homes.get(dpid);
      const below = home?.below ?? false;
      const at = (node && pinOf(node)) ?? home ?? node;
      return at && { x: at.x, y: at.y, below };
    };
    let moved = false;
    for (const [index, dpid] of fabric.dpids.entries()) {
      const parent = this.#switchNode(dpid);
      for (const [mac, offset] of hostOffsets(fabric, index, placeOf)) {
        const host = this.#byKey.get(hostKey(mac));
        if (host === undefined) continue;
        const same = host.parent === parent && host.home?.x === offset.x && host.home.y === offset.y;
        if (same) continue;
        [host.parent, host.home] = [parent, offset];
        moved = true;
      }
    }
    return moved;
  }

  #edges(network: Network): Edge[] {
    const edges: Edge[] = [];
    for (const link of network.links.values()) {
      const source = this.#switchNode(link.a.dpid);
      const target = this.#switchNode(link.b.dpid);
      if (source !== undefined && target !== undefined) edges.push({ source, target });
    }
    return edges;
  }

  #isStill(): boolean {
    return this.#order.every((node) => Math.abs(node.vx) < STILL_SPEED && Math.abs(node.vy) < STILL_SPEED);
  }

  /** Where a newcomer came to rest is its home from now on. */
  #adopt(): void {
    for (const node of this.#order) {
      if (node.home !== undefined) continue;
      node.home = { x: node.x, y: node.y };
      if (node.kind === 'host') continue;
      this.#homes.set(node.id, { x: node.x, y: node.y, below: false });
      const index = this.#fabric?.indexOf.get(node.id) ?? -1;
      if ((this.#fabric?.neighbours[index] ?? []).length === 0) this.#stranded.add(node.id);
    }
  }

  #reheat(alpha: number): void {
    this.#simulation.alpha(Math.max(alpha, this.#simulation.alpha()));
  }
}

function isLoose(node: LayoutNode): boolean {
  return node.kind === 'switch' && node.home === undefined;
}
