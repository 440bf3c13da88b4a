/** JSON merge patch (RFC 7396). */
import { InputError } from '../core/errors.ts';

/** No policy is nested so deep; a patch that is must not exhaust the stack. */
const MAX_DEPTH = 64;

/** The target with the patch's members put in, those that are null taken out. Throws InputError where it is nested too deep. */
export function mergePatch(target: unknown, patch: unknown, depth = 0): unknown {
  if (!isObject(patch)) return patch;
  if (depth >= MAX_DEPTH) throw new InputError(`the patch is nested more than ${MAX_DEPTH} deep; send a flatter one`);
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value, depth + 1));
  }
  // Not by assignment: a member may be called __proto__.
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
