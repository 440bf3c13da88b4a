/** A way through the fabric, written into memory that is used again for every packet. */
import type { Fabric } from './fabric.ts';

export class PathWalker {
  readonly #fabric: Fabric;
  /** The switches on the way, ingress first. */
  nodes = new Int32Array(0);
  /** By which port each of them sends on; the last has none. */
  ports = new Int32Array(0);
  length = 0;

  constructor(fabric: Fabric) {
    this.#fabric = fabric;
  }

  /** Room for every switch, since no way comes by one twice. Call when the fabric changed. */
  resize(): void {
    const { length } = this.#fabric.pairs.graph.dpids;
    if (length <= this.nodes.length) return;
    this.nodes = new Int32Array(2 * length);
    this.ports = new Int32Array(2 * length);
  }

  /**
   * Follows a shortest way over switches that may be given rules. Where several are equal `spread` chooses, at each switch the
   * same for the same value. False where there is none.
   * @param distance to the target, from every node
   */
  walk(from: number, target: number, distance: Int32Array, spread: number): boolean {
    const fabric = this.#fabric;
    const { graph } = fabric.pairs;
    let node = from;
    this.length = 0;
    // Ends since each step is nearer; each switch has its place.
    while (node !== target) {
      if (!fabric.isReady(node)) return false;
      const arc = this.#choose(node, distance, spread);
      if (arc < 0) return false;
      this.nodes[this.length] = node;
      this.ports[this.length++] = graph.arcPort[arc]!;
      node = graph.arcTo[arc]!;
    }
    if (!fabric.isReady(target)) return false;
    this.nodes[this.length++] = target;
    return true;
  }

  #choose(node: number, distance: Int32Array, spread: number): number {
    const fabric = this.#fabric;
    const { graph } = fabric.pairs;
    const here = distance[node]!;
    const end = graph.rowEnd[node]!;
    let equal = 0;
    for (let arc = graph.rowStart[node]!; arc < end; arc++) {
      if (fabric.distanceByReady(distance, arc) === here) equal++;
    }
    if (equal === 0) return -1;
    let chosen = (Math.imul(spread ^ node, 0x2c1b3c6d) >>> 16) % equal;
    for (let arc = graph.rowStart[node]!; arc < end; arc++) {
      if (fabric.distanceByReady(distance, arc) === here && chosen-- === 0) return arc;
    }
    return -1;
  }
}
