/** A policy store for tests, in memory. */
import type { AuditEntry, PolicyStore, StoredPolicy } from '../../store/policies.ts';

export interface MemoryStore extends PolicyStore {
  /** Set, it is what the next writes fail with. */
  failure: Error | undefined;
}

export function memoryStore(initial: readonly StoredPolicy[] = []): MemoryStore {
  const policies = new Map(initial.map((policy) => [policy.name, policy]));
  const trail: AuditEntry[] = [];
  const store: MemoryStore = {
    failure: undefined,
    all: () => [...policies.values()],
    save: (policy, entry) => {
      if (store.failure) throw store.failure;
      policies.set(policy.name, policy);
      trail.unshift(entry);
    },
    remove: (name, entry) => {
      if (store.failure) throw store.failure;
      policies.delete(name);
      trail.unshift(entry);
    },
    trail: (limit) => trail.slice(0, limit),
  };
  return store;
}
