/** A policy with all that is kept of it. */
import type { Policy } from '../core/policy.ts';

export interface PolicyRecord extends Policy {
  readonly description: string | undefined;
  /** A policy that is not enabled is kept and wants nothing. */
  readonly enabled: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who: a remote address. */
  readonly createdBy: string;
  /** Why what was stored cannot be used by this version, as a sentence; such a policy wants nothing. */
  readonly fault?: string;
}

/** What a user says of a policy. */
export interface PolicyInput {
  readonly name: string;
  readonly kind: string;
  readonly spec: unknown;
  readonly description?: string | null | undefined;
  readonly enabled: boolean;
}

/** As all rooms know it: what apps may build on. */
export function policyOf({ name, kind, spec, revision }: PolicyRecord): Policy {
  return { name, kind, spec, revision };
}
