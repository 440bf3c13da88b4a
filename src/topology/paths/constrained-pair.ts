/**
 * Two paths that share as little as can be and both pass waypoints or hold to a bound on delay. Such pairs are hard to find (NP-hard);
 * what is found within the work allowed is the best there is. Stage by stage the best pairs are easy (disjoint.ts): no pair shares or
 * costs less than those together, and where they can be put together they are the answer. Else every path, the cheapest first, is
 * given the best partner it can have, until no path that is left can be the cheaper one of a better pair.
 */
import type { Budget } from './completion.ts';
import { costsTo } from './dijkstra.ts';
import type { ArcWeights } from './dijkstra.ts';
import { costOf, disjointPair, pairOf } from './disjoint.ts';
import type { DisjointPair } from './disjoint.ts';
import { tailOf } from './graph.ts';
import type { ArcPath, Graph } from './graph.ts';
import { planStages } from './plan.ts';
import type { PathProblem, Plan } from './plan.ts';
import { MAX_WORK, pathsInOrder } from './yen.ts';

export interface ConstrainedPairProblem extends PathProblem {
  /** As with DisjointProblem; waypoints count for as little as the ends. */
  readonly by: 'links' | 'nodes';
}

export interface ConstrainedPair {
  /** As disjointPair has it. Undefined where there is no path, or where none was found. */
  readonly pair: DisjointPair | undefined;
  /** False where the search was given up: there may be a pair that shares less, or as much and costs less. */
  readonly complete: boolean;
}

/** Nodes shared (by nodes only), links shared, cost: the less the better, in this order. */
type Score = readonly [nodes: number, links: number, cost: number];

/** Arcs that Dijkstra's algorithm looks at while a search for simple paths looks at one. */
const ARCS_PER_STEP = 16;

export function constrainedPair(given: ConstrainedPairProblem, maxWork = MAX_WORK): ConstrainedPair {
  const problem = withoutSlowArcs(given);
  const plan = planStages(problem);
  if (!plan) return { pair: undefined, complete: true };
  if (problem.from === problem.to) return { pair: pairOf(problem, [[], []]), complete: true };
  const budget: Budget = { left: maxWork };
  const stages = bestOfStages(plan, problem.by, budget);
  if (!stages) return { pair: undefined, complete: false };
  const least = stages.map((pair) => scoreOf(problem, pair)).reduce(sumOfScores);
  let best = putTogether(plan, stages);
  if (best && compare(scoreOf(problem, best), least) === 0) return { pair: best, complete: true };
  const search = pathsInOrder(problem, budget);
  for (;;) {
    const next = search.next();
    if (next.done) return { pair: best, complete: next.value };
    const cheaper = next.value;
    const leastWithIt: Score = [least[0], least[1], 2 * costOf(problem.weights, cheaper)];
    if (best && compare(scoreOf(problem, best), leastWithIt) <= 0) return { pair: best, complete: true };
    const partner = partnerOf(problem, cheaper, budget);
    const pair = pairOf(problem, [cheaper, partner ?? cheaper]);
    if (!best || compare(scoreOf(problem, pair), scoreOf(problem, best)) < 0) best = pair;
    if (!partner) return { pair: best, complete: false };
    if (compare(scoreOf(problem, best), least) === 0) return { pair: best, complete: true };
  }
}

/** Takes out what no path within the bound on delay can go by: then the rest tells sooner what must be shared. */
function withoutSlowArcs(problem: ConstrainedPairProblem): ConstrainedPairProblem {
  const { graph, from, to, delay } = problem;
  if (!delay) return problem;
  const usable = delay.of.map((one, arc) => (problem.weights[arc] === Infinity ? Infinity : one));
  const after = costsTo(graph, { target: to, weights: usable }).cost;
  const before = costsTo(graph, { target: from, weights: usable.map((_, arc) => usable[graph.arcBack[arc]!]!) }).cost;
  const weights = problem.weights.map((weight, arc) => {
    const least = before[tailOf(graph, arc)]! + usable[arc]! + after[graph.arcTo[arc]!]!;
    return least > delay.limit ? Infinity : weight;
  });
  return { ...problem, weights };
}

/** The best pair of each stage by itself, which may cross others and take any time. Undefined where it is too much work. */
function bestOfStages(plan: Plan, by: 'links' | 'nodes', budget: Budget): DisjointPair[] | undefined {
  const { graph, weights, from, stages } = plan;
  budget.left -= stages.length * arcsOf(graph);
  if (budget.left <= 0) return undefined;
  return stages.map(({ goal, closed }, index) => {
    const open = weights.map((weight, arc) => (closed[graph.arcTo[arc]!] ? Infinity : weight));
    const start = stages[index - 1]?.goal ?? from;
    return disjointPair({ graph, from: start, to: goal, weights: open, by })!;
  });
}

/** How many there are: a graph that changes has room for more. */
function arcsOf({ links }: Graph): number {
  return 2 * links.length;
}

/** The cheaper ones one after the other, and the others; undefined where these are no paths as asked for. */
function putTogether(plan: Plan, stages: readonly DisjointPair[]): DisjointPair | undefined {
  const first = stages.flatMap(({ paths }) => paths[0]);
  const second = stages.flatMap(({ paths }) => paths[1]);
  return [first, second].every((path) => isSimple(plan, path) && isInTime(plan, path))
    ? pairOf(plan, [first, second])
    : undefined;
}

function isSimple({ graph, from }: PathProblem, path: ArcPath): boolean {
  return new Set([from, ...path.map((arc) => graph.arcTo[arc]!)]).size === path.length + 1;
}

function isInTime({ delay }: PathProblem, path: ArcPath): boolean {
  return !delay || costOf(delay.of, path) <= delay.limit;
}

/** The path that shares least with this one, and costs the least of those; undefined where the work allowed is done. */
function partnerOf(problem: ConstrainedPairProblem, path: ArcPath, budget: Budget): ArcPath | undefined {
  const weights = withPrices(problem, path);
  if (!weights) return undefined;
  const searches = 1 + (problem.via?.length ?? 0);
  budget.left -= Math.ceil((searches * arcsOf(problem.graph)) / ARCS_PER_STEP);
  const next = pathsInOrder({ ...problem, weights }, budget).next();
  return next.done ? undefined : next.value;
}

/**
 * Weights with a price on what a path uses: a link costs more than any path, a node more than all links of this one. Undefined where
 * sums would not be exact any more.
 */
function withPrices({ graph, weights, by }: ConstrainedPairProblem, path: ArcPath): ArcWeights | undefined {
  const heaviestInto = new Float64Array(graph.dpids.length);
  for (const [arc, weight] of weights.entries()) {
    const node = graph.arcTo[arc]!;
    if (weight < Infinity) heaviestInto[node] = Math.max(heaviestInto[node]!, weight);
  }
  const link = 1 + heaviestInto.reduce((sum, weight) => sum + weight, 0);
  const node = by === 'nodes' ? link * (path.length + 1) : 0;
  if ((link + node) * (path.length + 1) > Number.MAX_SAFE_INTEGER) return undefined;
  const links = new Set(path.map((arc) => graph.arcLink[arc]!));
  // The end and the waypoints among them: every path pays for those, so that it is no matter.
  const nodes = new Set(path.map((arc) => graph.arcTo[arc]!));
  return weights.map(
    (weight, arc) => weight + (links.has(graph.arcLink[arc]!) ? link : 0) + (nodes.has(graph.arcTo[arc]!) ? node : 0),
  );
}

function scoreOf({ weights, by }: ConstrainedPairProblem, { paths, sharedLinks, sharedNodes }: DisjointPair): Score {
  const cost = costOf(weights, paths[0]) + costOf(weights, paths[1]);
  return [by === 'nodes' ? sharedNodes.length : 0, sharedLinks.length, cost];
}

function sumOfScores(x: Score, y: Score): Score {
  return [x[0] + y[0], x[1] + y[1], x[2] + y[2]];
}

function compare(x: Score, y: Score): number {
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}
