/**
 * Memoised queries that know what they read. A query is a pure function of inputs and of other queries; when inputs
 * change, only queries that read them run again, and one whose answer comes out equal stops the change there.
 *
 * The idea is that of build systems with early cutoff (Mokhov et al., "Build systems à la carte", 2018).
 */
interface Node {
  value: unknown;
  /** Set where computing threw: an answer like any other, given until an input changes. */
  failure: { readonly error: unknown } | undefined;
  /** Revision in which the value last became another. */
  changedAt: number;
  /** Revision in which the value was last known to be right. */
  checkedAt: number;
  deps: Node[];
  readonly compute: (() => unknown) | undefined;
  readonly equal: (x: unknown, y: unknown) => boolean;
}

export interface InputMap<K, V> {
  get(key: K): V | undefined;
  /** All keys; a query that reads them runs again when a key comes or goes. */
  keys(): readonly K[];
  /** The new entries; `changed` are the keys whose entry is not the same as before. */
  update(entries: ReadonlyMap<K, V>, changed: ReadonlySet<K>): void;
}

export interface QueryOptions<V> {
  /** Default `===`. */
  readonly equal?: (x: V, y: V) => boolean;
}

/** Ask for a key; `forget` drops what is remembered of one. */
export interface Query<K, V> {
  /** Throws what computing the answer threw. */
  (key: K): V;
  /** Revision in which the answer for the key last became another. */
  changedAt(key: K): number;
  forget(key: K): void;
}

export class Incremental {
  #revision = 1;
  #reading: Node[] | undefined;
  readonly #memos: Map<unknown, Node>[] = [];

  get revision(): number {
    return this.#revision;
  }

  /** Begins a new revision: call before inputs are updated. */
  advance(): void {
    this.#revision++;
  }

  inputMap<K, V>(): InputMap<K, V> {
    let current: ReadonlyMap<K, V> = new Map();
    const nodes = new Map<K, Node>();
    const keysNode = this.#input([]);
    return {
      get: (key) => {
        let node = nodes.get(key);
        if (!node) nodes.set(key, (node = this.#input(current.get(key))));
        this.#reading?.push(node);
        return node.value as V | undefined;
      },
      keys: () => {
        this.#reading?.push(keysNode);
        return keysNode.value as readonly K[];
      },
      update: (entries, changed) => {
        let keysChanged = false;
        for (const key of changed) {
          keysChanged ||= current.has(key) !== entries.has(key);
          const node = nodes.get(key);
          if (!node || node.value === entries.get(key)) continue;
          node.value = entries.get(key);
          node.changedAt = this.#revision;
          // Whoever read it holds it and sees the change; hosts come and go, and their nodes must not pile up here.
          if (!entries.has(key)) nodes.delete(key);
        }
        if (keysChanged) {
          keysNode.value = [...entries.keys()];
          keysNode.changedAt = this.#revision;
        }
        current = entries;
      },
    };
  }

  query<K, V>(compute: (key: K) => V, options: QueryOptions<V> = {}): Query<K, V> {
    const memo = new Map<K, Node>();
    this.#memos.push(memo);
    const equal = (options.equal ?? Object.is) as Node['equal'];
    const nodeOf = (key: K): Node => {
      let node = memo.get(key);
      if (!node) {
        node = { ...this.#input(undefined), changedAt: 0, checkedAt: 0, compute: () => compute(key), equal };
        memo.set(key, node);
      }
      this.#refresh(node);
      return node;
    };
    const ask = (key: K): V => {
      const node = nodeOf(key);
      this.#reading?.push(node);
      if (node.failure) throw node.failure.error;
      return node.value as V;
    };
    return Object.assign(ask, {
      changedAt: (key: K) => nodeOf(key).changedAt,
      forget: (key: K) => {
        memo.delete(key);
      },
    });
  }

  /** A query without a key. */
  value<V>(compute: () => V, options: QueryOptions<V> = {}): () => V {
    const ask = this.query<undefined, V>(compute, options);
    return () => ask(undefined);
  }

  /** Drops answers that nobody asked for in this revision. Call after all that is wanted has been asked. */
  sweep(): void {
    for (const memo of this.#memos) {
      for (const [key, node] of memo) if (node.checkedAt !== this.#revision) memo.delete(key);
    }
  }

  #input(value: unknown): Node {
    return {
      value,
      failure: undefined,
      changedAt: this.#revision,
      checkedAt: this.#revision,
      deps: [],
      compute: undefined,
      equal: Object.is,
    };
  }

  #refresh(node: Node): void {
    if (node.compute === undefined || node.checkedAt === this.#revision) return;
    if (node.checkedAt === 0 || this.#isStale(node)) this.#recompute(node, node.compute);
    node.checkedAt = this.#revision;
  }

  #isStale(node: Node): boolean {
    for (const dep of node.deps) {
      this.#refresh(dep);
      if (dep.changedAt > node.checkedAt) return true;
    }
    return false;
  }

  #recompute(node: Node, compute: () => unknown): void {
    const outer = this.#reading;
    const first = node.checkedAt === 0;
    const failed = node.failure !== undefined;
    node.deps = this.#reading = [];
    try {
      const value = compute();
      node.failure = undefined;
      if (!first && !failed && node.equal(node.value, value)) return;
      node.value = value;
    } catch (error) {
      node.failure = { error };
    } finally {
      this.#reading = outer;
    }
    node.changedAt = this.#revision;
  }
}
