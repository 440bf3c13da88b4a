/**
 * By which ports switches send towards which destinations, as far as rules of conversations were ever sent to say so: one bit
 * for each port and destination switch. It never forgets a rule that may be there, however many conversations there are; that
 * a rule has gone idle it does not know.
 */
const WORD_BITS = 32;
/** Nodes beyond what is needed, so that one more switch does not move all rows. */
const GROWTH = 1.25;

export class UsedWays {
  /** By node, then port. */
  readonly #rows: (Map<number, Int32Array> | undefined)[] = [];
  #words = 1;

  /** After this, nodes below `count` can be destinations. */
  resize(count: number): void {
    const needed = Math.ceil(count / WORD_BITS);
    if (needed <= this.#words) return;
    this.#words = Math.ceil(needed * GROWTH);
    for (const rows of this.#rows) {
      for (const [port, row] of rows ?? []) {
        const larger = new Int32Array(this.#words);
        larger.set(row);
        rows!.set(port, larger);
      }
    }
  }

  /** After this, `mark` needs no memory for this port. */
  prepare(node: number, port: number): void {
    const rows = (this.#rows[node] ??= new Map<number, Int32Array>());
    if (!rows.has(port)) rows.set(port, new Int32Array(this.#words));
  }

  mark(node: number, port: number, target: number): void {
    let row = this.#rows[node]?.get(port);
    if (row === undefined) {
      this.prepare(node, port);
      row = this.#rows[node]!.get(port)!;
    }
    row[target >>> 5]! |= 1 << (target & 31);
  }

  unmark(node: number, port: number, target: number): void {
    const row = this.#rows[node]?.get(port);
    if (row) row[target >>> 5]! &= ~(1 << (target & 31));
  }

  has(node: number, port: number, target: number): boolean {
    const row = this.#rows[node]?.get(port);
    return row !== undefined && (row[target >>> 5]! & (1 << (target & 31))) !== 0;
  }

  /** True where a switch may send towards the target at all. */
  leads(node: number, target: number): boolean {
    for (const port of this.#rows[node]?.keys() ?? []) if (this.has(node, port, target)) return true;
    return false;
  }

  /** Calls back for each port of a node and each target that is marked there. */
  each(node: number, visit: (port: number, target: number) => void): void {
    for (const [port, row] of this.#rows[node] ?? []) {
      for (let word = 0; word < row.length; word++) {
        for (let bits = row[word]!; bits !== 0; bits &= bits - 1) {
          visit(port, word * WORD_BITS + (31 - Math.clz32(bits & -bits)));
        }
      }
    }
  }

  /** Adds the targets of a node's port to a set of bits of the same size. */
  collect(node: number, port: number, into: Int32Array): void {
    const row = this.#rows[node]?.get(port);
    if (row) for (let word = 0; word < row.length; word++) into[word]! |= row[word]!;
  }

  /** An empty set of targets, as `collect` fills it. */
  emptySet(): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#words);
  }

  clearNode(node: number): void {
    for (const row of this.#rows[node]?.values() ?? []) row.fill(0);
  }

  /** Its number may be another switch's soon. */
  forgetNode(node: number): void {
    this.#rows[node] = undefined;
    for (const rows of this.#rows) for (const port of rows?.keys() ?? []) this.#unmarkIn(rows!, port, node);
  }

  #unmarkIn(rows: Map<number, Int32Array>, port: number, target: number): void {
    rows.get(port)![target >>> 5]! &= ~(1 << (target & 31));
  }
}

export function hasBit(set: Int32Array, index: number): boolean {
  return (set[index >>> 5]! & (1 << (index & 31))) !== 0;
}
