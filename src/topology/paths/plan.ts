/**
 * What a search for simple paths knows before it begins: for each stage of the way (to the first waypoint, to the next, to the
 * end) what is left from every node. These are the least costs in the whole graph, so no path costs less.
 */
import { costsTo } from './dijkstra.ts';
import type { ArcWeights, CostTree } from './dijkstra.ts';
import type { Graph } from './graph.ts';

export interface PathProblem {
  readonly graph: Graph;
  readonly from: number;
  readonly to: number;
  /** At least 1 each; Infinity where an arc may not be used. */
  readonly weights: ArcWeights;
  /** Nodes to be passed, in this order; none twice, none of them an end. */
  readonly via?: readonly number[];
  readonly delay?: DelayBound;
}

/** The sum of an arc's delays along a path may not exceed the limit. Whole numbers, 0 allowed. */
export interface DelayBound {
  readonly of: ArcWeights;
  readonly limit: number;
}

export interface Stage {
  /** Where this stage ends. */
  readonly goal: number;
  /** Nodes that a simple path cannot enter in this stage, 1 each: where it began, and the goals of other stages. */
  readonly closed: Uint8Array;
  /** To the goal. */
  readonly tree: CostTree;
  /** The cost of all later stages. */
  readonly rest: number;
  readonly delay: { readonly toGoal: Float64Array; readonly rest: number } | undefined;
}

export interface Plan extends PathProblem {
  /** In the order in which they are passed. */
  readonly stages: readonly Stage[];
}

/** Undefined where a goal cannot be reached at all. */
export function planStages(problem: PathProblem): Plan | undefined {
  const { graph, from, to, weights, via = [] } = problem;
  const goals = [...via, to];
  const delays = problem.delay && usableDelays(problem.delay.of, weights);
  const stages: Stage[] = [];
  let rest = 0;
  let delayRest = 0;
  for (const [index, goal] of [...goals.entries()].reverse()) {
    const closed = new Uint8Array(graph.dpids.length);
    for (const node of [from, ...goals]) closed[node] = Number(node !== goal);
    const tree = costsTo(graph, { target: goal, weights, blocked: closed });
    const toGoal = delays && costsTo(graph, { target: goal, weights: delays, blocked: closed }).cost;
    stages.unshift({ goal, closed, tree, rest, delay: toGoal && { toGoal, rest: delayRest } });
    const start = index === 0 ? from : goals[index - 1]!;
    rest += tree.cost[start]!;
    if (rest === Infinity) return undefined;
    delayRest += toGoal?.[start] ?? 0;
  }
  if (problem.delay && delayRest > problem.delay.limit) return undefined;
  return { ...problem, stages };
}

function usableDelays(delays: ArcWeights, weights: ArcWeights): ArcWeights {
  return delays.map((delay, arc) => (weights[arc] === Infinity ? Infinity : delay));
}

/** The least that is left to pay from a node in a stage. */
export function costLeft(stage: Stage, node: number): number {
  return stage.tree.cost[node]! + stage.rest;
}

/** The least delay that is still to come; 0 where delay does not matter. */
export function delayLeft(stage: Stage, node: number): number {
  return stage.delay ? stage.delay.toGoal[node]! + stage.delay.rest : 0;
}

/** Where a path that was begun has come to. */
export class Prefix {
  readonly #plan: Plan;
  node: number;
  /** Index of the stage it is in. */
  stage = 0;
  cost = 0;
  delay = 0;
  readonly visited: Uint8Array;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.node = plan.from;
    this.visited = new Uint8Array(plan.graph.dpids.length);
    this.visited[plan.from] = 1;
  }

  /** Goes on by an arc of the node it has come to. */
  extend(arc: number): void {
    const { graph, weights, delay, stages } = this.#plan;
    this.node = graph.arcTo[arc]!;
    this.cost += weights[arc]!;
    this.delay += delay?.of[arc] ?? 0;
    this.visited[this.node] = 1;
    if (this.node === stages[this.stage]!.goal && this.stage + 1 < stages.length) this.stage++;
  }
}
