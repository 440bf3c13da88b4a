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
import { LiveGraph } from './live-graph.ts';
import { repairAfterGain, repairAfterLoss } from './repair.ts';
import type { RepairBuffers } from './repair.ts';

/** Links and switches changed at once beyond which searching anew is quicker than mending one by one. */
const MANY_CHANGES = 64;
const FIRST_CAPACITY = 16;
/** Memory goes with the square of it: 4 MB for a thousand switches. */
const GROWTH = 1.25;

/** What an update changed. */
export interface PairsChange {
  /**
   * Switches whose next hops or alternates may be others now, towards any target: those whose own links changed, and those
   * that are, or have a neighbour, at another distance from some target.
   */
  readonly switches: ReadonlySet<Dpid>;
  /** Switches to which some distance changed, those that came or went among them. */
  readonly targets: ReadonlySet<Dpid>;
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
  #switches = new Set<Dpid>();
  #targets = new Set<Dpid>();
  /** Nodes whose distance to some target changed in this update. */
  readonly #moved = new Set<number>();

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
    this.#switches = new Set();
    this.#targets = new Set();
    const switches = [...change.switches];
    const links = [...change.links];
    this.#postponed = links.length + switches.length > MANY_CHANGES;
    this.#follow(view, { switches, links });
    const marksChanged = this.#markReluctant(view, switches);
    if (this.#postponed || marksChanged) this.#searchAll();
    this.#widen();
    return { switches: this.#switches, targets: this.#targets };
  }

  /** All from scratch. */
  #searchAll(): void {
    this.#postponed = false;
    const reluctant = this.reluctant;
    if (!reluctant) fillAllDistances(this.graph, { distance: this.#distance, stride: this.#capacity });
    for (const [target, dpid] of this.graph.dpids.entries()) {
      if (dpid === '') continue;
      if (reluctant) this.#search(target, reluctant);
      this.#switches.add(dpid);
      this.#targets.add(dpid);
    }
  }

  #search(target: number, reluctant: Reluctant): void {
    fillReluctantDistances(this.graph, { target, reluctant, distance: this.to(target), queue: this.#buffers.queue });
  }

  /** Next hops depend on the distances of neighbours too. */
  #widen(): void {
    const { graph } = this;
    for (const node of this.#moved) {
      this.#switches.add(graph.dpids[node]!);
      for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
        this.#switches.add(graph.dpids[graph.arcTo[arc]!]!);
      }
    }
    this.#moved.clear();
    this.#switches.delete('');
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
    const dpid = this.graph.dpids[node]!;
    this.#switches.add(dpid);
    this.#targets.add(dpid);
    if (node >= this.#capacity) this.#grow();
    this.to(node).fill(UNREACHED);
    for (let target = 0; target < this.graph.dpids.length; target++) this.to(target)[node] = UNREACHED;
    this.to(node)[node] = 0;
  }

  /** Its links are gone already, so that nobody reaches it but itself. */
  #switchGone(node: number, dpid: Dpid): void {
    this.#switches.add(dpid);
    this.#targets.add(dpid);
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
    this.#switches.add(dpids[x]!);
    this.#switches.add(dpids[y]!);
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
      if (moved.length > 0) this.#targets.add(dpids[target]!);
      for (const node of moved) this.#moved.add(node);
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
