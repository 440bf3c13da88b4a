/** Nodes by their keys, the least first, in typed arrays; a node's key may be lowered while it waits. */

const ABSENT = -1;

export class NodeHeap {
  readonly #key: Float64Array;
  readonly #heap: Int32Array;
  readonly #position: Int32Array;
  #size = 0;

  /** `key` is the caller's: lower an entry, then call `lowered`. */
  constructor(key: Float64Array) {
    this.#key = key;
    this.#heap = new Int32Array(key.length);
    this.#position = new Int32Array(key.length).fill(ABSENT);
  }

  /** Puts a node in, or tells that its key is lower now. */
  lowered(node: number): void {
    const heap = this.#heap;
    const position = this.#position;
    const key = this.#key[node]!;
    let at = position[node]!;
    if (at === ABSENT) at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent]!;
      if (this.#key[above]! <= key) break;
      heap[at] = above;
      position[above] = at;
      at = parent;
    }
    heap[at] = node;
    position[node] = at;
  }

  /** Takes the node of the least key out; undefined where there is none. */
  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const heap = this.#heap;
    const position = this.#position;
    const least = heap[0]!;
    const last = heap[--this.#size]!;
    const key = this.#key[last]!;
    position[least] = ABSENT;
    if (this.#size === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#key[heap[child + 1]!]! < this.#key[heap[child]!]!) child++;
      const below = heap[child]!;
      if (this.#key[below]! >= key) break;
      heap[at] = below;
      position[below] = at;
      at = child;
    }
    heap[at] = last;
    position[last] = at;
    return least;
  }
}
