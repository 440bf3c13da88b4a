/** A declared policy, as all rooms know it: what a user asked for, checked and stored before it gets here. */

export interface Policy {
  /** Its name among all policies. */
  readonly name: string;
  /** Which kind's schema `spec` holds to: `flow` and so on. */
  readonly kind: string;
  /** As the kind's schema parsed it: plain JSON, immutable. */
  readonly spec: unknown;
  /** Counts every change of the policy, from 1. */
  readonly revision: number;
}
