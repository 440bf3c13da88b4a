/** Every kind of policy there is. A new kind is a file beside this one, a line here, and an app of the same name. */
import { flowKind } from './flow.ts';
import type { PolicyKind } from './kind.ts';

export const POLICY_KINDS: readonly PolicyKind[] = [flowKind];

const byName: ReadonlyMap<string, PolicyKind> = new Map(POLICY_KINDS.map((kind) => [kind.name, kind]));

export function kindNamed(name: string): PolicyKind | undefined {
  return byName.get(name);
}
