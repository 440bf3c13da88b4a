/**
 * The k best simple paths, by Yen's partition (Management Science 17(11), 1971) as Lawler has it (18(7), 1972): the best path of a
 * set of paths is taken out, and what is left of the set falls into parts, one for each place where another path may leave it.
 * A part is searched only when a bound says that its best may come next. Waypoints and a bound on delay need no more:
 * what the search finds with them may cross its own way; then it is no answer, and its set is parted all the same.
 */
import { bestCompletion, completionBound } from './completion.ts';
import type { Budget } from './completion.ts';
import { comparePaths } from './graph.ts';
import type { ArcPath } from './graph.ts';
import { Heap } from './heap.ts';
import { planStages, Prefix } from './plan.ts';
import type { PathProblem, Plan } from './plan.ts';

/**
 * Arcs looked at for one question. Two hundred searches of a fabric of a thousand switches, under 100 ms; without waypoints or
 * a bound on delay no question comes near it.
 */
export const MAX_WORK = 250_000;

export interface KPaths {
  /** Least cost first, then fewest arcs, then in order of arcs, which is that of dpids and ports. */
  readonly paths: readonly ArcPath[];
  /** False where the search was given up: there may be more paths, though none better than the last of these. */
  readonly complete: boolean;
}

export interface KOptions {
  readonly k: number;
  /** Default MAX_WORK. */
  readonly maxWork?: number;
}

/** Up to k simple paths. From a node to itself it is one path of no arcs, or none where there are waypoints. */
export function kShortestPaths(problem: PathProblem, { k, maxWork = MAX_WORK }: KOptions): KPaths {
  const paths: ArcPath[] = [];
  const search = pathsInOrder(problem, { left: maxWork });
  for (;;) {
    const next = search.next();
    if (next.done) return { paths, complete: next.value };
    paths.push(next.value);
    if (paths.length >= k) return { paths, complete: true };
  }
}

/** The same paths one by one, for as long as they are asked for; in the end true, or false where the search was given up. */
export function* pathsInOrder(problem: PathProblem, budget: Budget): Generator<ArcPath, boolean> {
  if (problem.from === problem.to) {
    if (!problem.via?.length) yield [];
    return true;
  }
  const plan = planStages(problem);
  if (!plan) return true;
  const candidates = new Heap<Candidate>(compareCandidates);
  candidates.push({ cost: 0, part: { path: [], length: 0, banned: [] }, path: undefined });
  for (;;) {
    const candidate = candidates.pop();
    if (!candidate) return true;
    if (budget.left <= 0) return false;
    if (candidate.path === undefined) {
      const solved = solve(plan, candidate.part, budget);
      if (solved) candidates.push(solved);
      else if (budget.left <= 0) return false;
      continue;
    }
    const { parts, isSimple } = split(plan, candidate.part, { path: candidate.path, budget });
    for (const part of parts) candidates.push(part);
    if (isSimple) yield candidate.path;
  }
}

/** All paths that begin with the first `length` arcs of `path` and do not go on by one of `banned`. */
interface Part {
  readonly path: ArcPath;
  readonly length: number;
  readonly banned: readonly number[];
}

interface Candidate {
  readonly part: Part;
  /** The best of the part, once it was searched. */
  readonly path: ArcPath | undefined;
  /** Of the path, or a bound from below. */
  readonly cost: number;
}

/** A part that was not searched comes before a path of the same cost: its best may be that path's equal, and before it. */
function compareCandidates(x: Candidate, y: Candidate): number {
  if (x.cost !== y.cost) return x.cost - y.cost;
  if (!x.path || !y.path) return Number(x.path !== undefined) - Number(y.path !== undefined);
  return comparePaths(x.path, y.path);
}

function solve(plan: Plan, part: Part, budget: Budget): Candidate | undefined {
  const prefix = new Prefix(plan);
  const begun = part.path.slice(0, part.length);
  for (const arc of begun) prefix.extend(arc);
  const completion = bestCompletion({ plan, prefix, banned: part.banned, budget });
  if (!completion) return undefined;
  let cost = prefix.cost;
  for (const arc of completion) cost += plan.weights[arc]!;
  return { part, path: [...begun, ...completion], cost };
}

interface Best {
  readonly path: ArcPath;
  readonly budget: Budget;
}

/** What is left of a part without its best path, up to where that crosses its own way: all that goes so far is not simple. */
function split(plan: Plan, part: Part, { path, budget }: Best): { parts: Candidate[]; isSimple: boolean } {
  const prefix = new Prefix(plan);
  const parts: Candidate[] = [];
  for (const [length, arc] of path.entries()) {
    if (length >= part.length) {
      const banned = length === part.length ? [...part.banned, arc] : [arc];
      const bound = completionBound({ plan, prefix, banned, budget });
      if (bound < Infinity) parts.push({ part: { path, length, banned }, path: undefined, cost: prefix.cost + bound });
    }
    if (prefix.visited[plan.graph.arcTo[arc]!]) return { parts, isSimple: false };
    prefix.extend(arc);
  }
  return { parts, isSimple: true };
}
