/** What a kind of policy is: a name, the schema of its `spec`, and words for people. Its rules are made by an app. */
import type { z } from 'zod';
import type { NetworkView } from '../../topology/view.ts';

export interface PolicyKind<S = unknown> {
  /** As `kind` says it; also the name of the app that makes its rules, and so the owner's kind on every rule. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** What `spec` must be; parsing leaves plain JSON, which is what is stored and shown. */
  readonly schema: z.ZodType<S>;
  readonly example: S;
  /** What the network lacks for this policy to have any rule, as a sentence; undefined where it lacks nothing. */
  waitsFor(spec: S, view: NetworkView): string | undefined;
  /**
   * The hosts that a spec names, each by MAC, IP or name as people write them: they are looked for while they are not known,
   * so that what the policy says of them can hold before they speak. What stands for many (`any`, CIDR) is left out.
   */
  hosts(spec: S): readonly string[];
}

/** A kind as the registry holds it, among others: only its own schema makes a spec for its functions. */
export function policyKind<S>(kind: PolicyKind<S>): PolicyKind {
  return {
    ...kind,
    waitsFor: (spec, view) => kind.waitsFor(spec as S, view),
    hosts: (spec) => kind.hosts(spec as S),
  };
}

/** A spec breaks a rule that its schema's shape cannot tell. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  /** Where in the spec. */
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.path = path;
  }
}
