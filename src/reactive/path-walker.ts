/** A way through the fabric, written into memory that is used again for every packet. */
import { distanceBy } from '../topology/paths/bfs.ts';
import type { Fabric } from './fabric.ts';

/** Memory goes with its square: 4 MB for a thousand switches. */
const GROWTH = 1.25;
/** Of a next hop that was not looked for yet. */
const UNKNOWN = 0;
/** Equal next hops that conversations are spread over. */
const MOST_EQUAL = 64;
/** No next hop: more than there can be equal ones. */
const NONE = -MOST_EQUAL - 1;

export class PathWalker {
  readonly #fabric: Fabric;
  /** The switches on the way, ingress first. */
  nodes = new Int32Array(0);
  /** By which port each of them sends on; the last has none. */
  ports = new Int32Array(0);
  length = 0;
  /**
   * What is known of next hops, to target t from t * capacity on: an arc plus 1 where it is the only one, otherwise how many there
   * are, negative. A switch with hundreds of ports is looked through once, not for every packet.
   */
  #known = new Int32Array(0);
  #capacity = 0;
  /** To the target at hand. */
  #distance: Int32Array = new Int32Array(0);
  /** The fabric's revision for which a target's row holds. */
  #revisions = new Int32Array(0);

  constructor(fabric: Fabric) {
    this.#fabric = fabric;
  }

  /** Room for every switch, since no way comes by one twice. Call when the fabric changed. */
  resize(): void {
    const { length } = this.#fabric.pairs.graph.dpids;
    if (length <= this.#capacity) return;
    this.#capacity = Math.ceil(length * GROWTH);
    this.nodes = new Int32Array(this.#capacity);
    this.ports = new Int32Array(this.#capacity);
    this.#known = new Int32Array(this.#capacity * this.#capacity);
    this.#revisions = new Int32Array(this.#capacity).fill(-1);
  }

  /**
   * Follows a shortest way over switches that may be given rules. Where several are equal `spread` chooses, at each switch the
   * same for the same value. False where there is none.
   */
  walk(from: number, target: number, spread: number): boolean {
    const fabric = this.#fabric;
    const { graph } = fabric.pairs;
    if (!fabric.isReady(from) || !fabric.isReady(target)) return false;
    this.#renew(target);
    let node = from;
    this.length = 0;
    this.#distance = fabric.distancesTo(target);
    // Ends since each step is nearer; each switch has its place.
    while (node !== target) {
      const arc = this.#choose(node, target, spread);
      if (arc < 0) return false;
      this.nodes[this.length] = node;
      this.ports[this.length++] = graph.arcPort[arc]!;
      node = graph.arcTo[arc]!;
    }
    this.nodes[this.length++] = target;
    return true;
  }

  /** Forgets what was known of ways to a target, if it is of another revision. */
  #renew(target: number): void {
    const { revision } = this.#fabric;
    if (this.#revisions[target] === revision) return;
    this.#revisions[target] = revision;
    this.#known.fill(UNKNOWN, target * this.#capacity, (target + 1) * this.#capacity);
  }

  #choose(node: number, target: number, spread: number): number {
    const at = target * this.#capacity + node;
    if (this.#known[at] === UNKNOWN) this.#known[at] = this.#lookFor(node);
    const known = this.#known[at]!;
    if (known > 0) return known - 1;
    if (known === NONE) return -1;
    const chosen = (Math.imul(spread ^ node, 0x2c1b3c6d) >>> 16) % -known;
    return this.#nth(node, chosen);
  }

  /** As it stands in `known`. */
  #lookFor(node: number): number {
    let equal = 0;
    while (equal < MOST_EQUAL && this.#nth(node, equal) >= 0) equal++;
    if (equal === 0) return NONE;
    return equal === 1 ? this.#nth(node, 0) + 1 : -equal;
  }

  /** The next hop of this number among equal ones; -1 where there are not so many. */
  #nth(node: number, number: number): number {
    const fabric = this.#fabric;
    const { graph, reluctant } = fabric.pairs;
    const distance = this.#distance;
    const here = distance[node]!;
    let left = number;
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      if (!fabric.isReady(graph.arcTo[arc]!) || distanceBy(graph, distance, arc, reluctant) !== here) continue;
      if (left-- === 0) return arc;
    }
    return -1;
  }
}
