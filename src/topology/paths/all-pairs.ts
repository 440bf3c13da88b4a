/**
 * Hop distances between all pairs of switches, kept right from view to view: a link that comes or goes costs a look at each
 * target and a mend where distances change, not a search per target.
 */
import type { Dpid } from '../../core/ids.ts';
import { fillReluctantDistances, nextHopArcs, RELUCTANCE, UNREACHED } from './bfs.ts';
import type { Reluctant } from './bfs.ts';
import { fillAllDistances } from './bit-parallel.ts';
import { followViews } from './follow.ts';
import type { Follow, FollowedChange, FollowedLink, FollowedView } from './follow.ts';
import type { Graph } from './graph.ts';
import { LiveGraph } from './live-graph.ts';
import { repairAfterGain, repairAfterLoss } from './repair.ts';
import type { RepairBuffers } from './repair.ts';

/** Links and switches changed at once beyond which searching anew is quicker than mending one by one. */
const MANY_CHANGES = 64;
const FIRST_CAPACITY = 16;
/** Memory goes with the square of it: 4 MB for a thousand switches. */
const GROWTH = 1.25;

/** What an update changed: enough to tell whose next hops and alternates may be others. */
export interface PairsChange {
  /** Switches whose next hops or alternates to any target may be others, those that came or went among them. */
  readonly switches: ReadonlySet<Dpid>;
  /** True where all was searched anew: anything may be other, and `moved` is empty. */
  readonly all: boolean;
  /** Switches that came, went, or whose links did: their next hops to any target may be others. Nobody has any to one that went. */
  readonly rewired: ReadonlySet<Dpid>;
  /**
   * By target, both as indices: the nodes whose distance to it changed, some more than once. Next hops to that target may be
   * others at these and their neighbours: see `concernedBy`.
   */
  readonly moved: ReadonlyMap<number, readonly number[]>;
}

/** These nodes and their neighbours: whoever may have other next hops when the distances of these changed. */
export function concernedBy(graph: Graph, moved: readonly number[]): Set<number> {
  const concerned = new Set(moved);
  for (const node of moved) {
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) concerned.add(graph.arcTo[arc]!);
  }
  return concerned;
}

export class AllPairs<L extends FollowedLink = FollowedLink> {
  readonly graph = new LiveGraph<L>();
  readonly #follow: Follow<L>;
  /** Distances to node t stand at t * capacity. */
  #distance = new Int32Array(0);
  #capacity = 0;
  #buffers: RepairBuffers = { mark: new Uint8Array(0), queue: new Int32Array(0), second: new Int32Array(0) };
  #reluctant = new Uint8Array(0);
  #reluctantCount = 0;
  /** True while distances are not kept, since they will be searched anew. */
  #postponed = false;
  #rewired = new Set<Dpid>();
  #moved = new Map<number, readonly number[]>();

  constructor() {
    this.#follow = followViews(this.graph, {
      switchCame: (node) => this.#switchCame(node),
      switchGone: (node, dpid) => this.#switchGone(node, dpid),
      linkCame: (x, y) => this.#linkChanged(x, y, 'came'),
      linkGone: (x, y) => this.#linkChanged(x, y, 'gone'),
    });
  }

  /** Distances of all nodes to `target`, as `distancesTo` of bfs.ts has them. A window: valid until the next update. */
  to(target: number): Int32Array {
    const start = target * this.#capacity;
    return this.#distance.subarray(start, start + this.graph.dpids.length);
  }

  /** The switches that are away, for `nextHopArcs` and `alternateArcs`; undefined where none is. */
  get reluctant(): Reluctant | undefined {
    return this.#reluctantCount > 0 ? this.#reluctant : undefined;
  }

  /** Takes the next view in. A link whose entry changed while its ends did not is taken over and changes nothing. */
  update(view: FollowedView<L>, change: FollowedChange): PairsChange {
    this.#rewired = new Set();
    this.#moved = new Map();
    const switches = [...change.switches];
    const links = [...change.links];
    this.#postponed = links.length + switches.length > MANY_CHANGES;
    this.#follow(view, { switches, links });
    const marksChanged = this.#markReluctant(view, switches);
    const rewired = this.#rewired;
    if (this.#postponed || marksChanged) {
      this.#searchAll();
      const all = new Set([...rewired, ...this.graph.indexOf.keys()]);
      return { switches: all, all: true, rewired, moved: new Map() };
    }
    return { switches: this.#concerned(), all: false, rewired, moved: this.#moved };
  }

  /** Those rewired, and all that moved for any target with their neighbours. */
  #concerned(): Set<Dpid> {
    const { dpids } = this.graph;
    const isMoved = new Uint8Array(dpids.length);
    for (const nodes of this.#moved.values()) for (const node of nodes) isMoved[node] = 1;
    const moved = [...isMoved.keys()].filter((node) => isMoved[node]);
    const concerned = new Set(this.#rewired);
    for (const node of concernedBy(this.graph, moved)) if (dpids[node] !== '') concerned.add(dpids[node]!);
    return concerned;
  }

  /** All from scratch. */
  #searchAll(): void {
    this.#postponed = false;
    const reluctant = this.reluctant;
    if (!reluctant) {
      fillAllDistances(this.graph, { distance: this.#distance, stride: this.#capacity });
      return;
    }
    for (const [target, dpid] of this.graph.dpids.entries()) {
      if (dpid !== '') this.#search(target, reluctant);
    }
  }

  #search(target: number, reluctant: Reluctant): void {
    fillReluctantDistances(this.graph, { target, reluctant, distance: this.to(target), queue: this.#buffers.queue });
  }

  #markReluctant(view: FollowedView<L>, changed: readonly Dpid[]): boolean {
    let isOther = false;
    for (const dpid of changed) {
      const node = this.graph.indexOf.get(dpid);
      if (node === undefined) continue;
      const mark = Number(view.switches.get(dpid)?.away ?? false);
      if (this.#reluctant[node] === mark) continue;
      this.#setReluctant(node, mark);
      isOther = true;
    }
    return isOther;
  }

  #setReluctant(node: number, mark: number): void {
    this.#reluctantCount += mark - this.#reluctant[node]!;
    this.#reluctant[node] = mark;
  }

  #switchCame(node: number): void {
    this.#rewired.add(this.graph.dpids[node]!);
    if (node >= this.#capacity) this.#grow();
    this.to(node).fill(UNREACHED);
    for (let target = 0; target < this.graph.dpids.length; target++) this.to(target)[node] = UNREACHED;
    this.to(node)[node] = 0;
  }

  /** Its links are gone already, so that nobody reaches it but itself. */
  #switchGone(node: number, dpid: Dpid): void {
    this.#rewired.add(dpid);
    this.to(node).fill(UNREACHED);
    this.#setReluctant(node, 0);
  }

  #grow(): void {
    const from = this.#capacity;
    const to = Math.max(FIRST_CAPACITY, Math.ceil(from * GROWTH));
    const distance = new Int32Array(to * to);
    for (let row = 0; row < from; row++) distance.set(this.#distance.subarray(row * from, (row + 1) * from), row * to);
    const reluctant = new Uint8Array(to);
    reluctant.set(this.#reluctant);
    this.#distance = distance;
    this.#reluctant = reluctant;
    this.#buffers = { mark: new Uint8Array(to), queue: new Int32Array(to), second: new Int32Array(to) };
    this.#capacity = to;
  }

  #linkChanged(x: number, y: number, kind: 'came' | 'gone'): void {
    const { dpids } = this.graph;
    this.#rewired.add(dpids[x]!);
    this.#rewired.add(dpids[y]!);
    if (this.#postponed) return;
    const all = this.#distance;
    for (let target = 0, start = 0; target < dpids.length; target++, start += this.#capacity) {
      const atX = all[start + x]!;
      const atY = all[start + y]!;
      // Neither end leans on the other.
      if (atX === atY) continue;
      const ends = isFarther(atX, atY) ? { far: x, near: y } : { far: y, near: x };
      const distance = this.to(target);
      const moved = kind === 'came' ? this.#mendGain(target, distance, ends) : this.#mendLoss(target, distance, ends);
      if (moved.length > 0) this.#moved.set(target, [...(this.#moved.get(target) ?? []), ...moved]);
    }
  }

  /** Returns the nodes whose distance changed. */
  #mendLoss(target: number, distance: Int32Array, { far, near }: Ends): readonly number[] {
    const { graph, reluctant } = this;
    if (distance[far] !== distanceOver(distance, near, reluctant)) return [];
    if (!reluctant) return repairAfterLoss({ graph, distance, buffers: this.#buffers }, far);
    return nextHopArcs(graph, distance, far, reluctant).length > 0 ? [] : this.#refill(target, distance, reluctant);
  }

  /** Returns the nodes whose distance changed. */
  #mendGain(target: number, distance: Int32Array, { far, near }: Ends): readonly number[] {
    const { graph, reluctant } = this;
    if (!isFarther(distance[far]!, distanceOver(distance, near, reluctant))) return [];
    if (reluctant) return this.#refill(target, distance, reluctant);
    return repairAfterGain({ graph, distance, buffers: this.#buffers }, far, near);
  }

  /** Where reluctant nodes are about, a mend would be a search with two kinds of steps: too rare to be worth it. */
  #refill(target: number, distance: Int32Array, reluctant: Reluctant): readonly number[] {
    const before = distance.slice();
    this.#search(target, reluctant);
    const moved: number[] = [];
    for (let node = 0; node < before.length; node++) if (before[node] !== distance[node]) moved.push(node);
    return moved;
  }
}

/** The two ends of a link as a target sees them. */
interface Ends {
  readonly far: number;
  readonly near: number;
}

function isFarther(x: number, y: number): boolean {
  return y !== UNREACHED && (x === UNREACHED || x > y);
}

/** The distance of a neighbour of `near` whose way goes over it. */
function distanceOver(distance: Int32Array, near: number, reluctant: Reluctant | undefined): number {
  const there = distance[near]!;
  return there + 1 + (there > 0 && reluctant?.[near] ? RELUCTANCE : 0);
}
