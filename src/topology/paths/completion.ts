/** The best way to finish a path that was begun: a greedy walk where that does, else A* with labels. */
import type { ArcPath } from './graph.ts';
import { Heap } from './heap.ts';
import { costLeft, delayLeft } from './plan.ts';
import type { Plan, Prefix } from './plan.ts';

/** Work that is left, in arcs looked at: shared by all searches of one question. */
export interface Budget {
  left: number;
}

export interface CompletionOptions {
  readonly plan: Plan;
  readonly prefix: Prefix;
  /** Arcs of the prefix's last node that may not come next. */
  readonly banned: readonly number[];
  readonly budget: Budget;
}

/** A bound from below for the cost of finishing; Infinity where it cannot be done. */
export function completionBound({ plan, prefix, banned, budget }: CompletionOptions): number {
  let best = Infinity;
  for (const { cost } of firstSteps({ plan, prefix, banned, budget })) best = Math.min(best, cost);
  return best;
}

/**
 * The arcs from the prefix's node to the end: least cost, then fewest arcs, then first in order of arcs. The nodes of the prefix are
 * avoided; with waypoints what is found may itself cross its own way from one stage to the next, and is a bound then.
 * Undefined where there is none, or where the budget was spent.
 */
export function bestCompletion(options: CompletionOptions): ArcPath | undefined {
  return greedyCompletion(options) ?? searchCompletion(options);
}

interface Step {
  readonly arc: number;
  /** Of the arc and the least that is left after it. */
  readonly cost: number;
  readonly hops: number;
}

function firstSteps({ plan, prefix, banned, budget }: CompletionOptions): Step[] {
  const { graph, weights, delay } = plan;
  const stage = plan.stages[prefix.stage]!;
  const steps: Step[] = [];
  budget.left -= graph.rowEnd[prefix.node]! - graph.rowStart[prefix.node]!;
  for (let arc = graph.rowStart[prefix.node]!; arc < graph.rowEnd[prefix.node]!; arc++) {
    const node = graph.arcTo[arc]!;
    if (prefix.visited[node] || stage.closed[node] || banned.includes(arc)) continue;
    if (delay && prefix.delay + delay.of[arc]! + delayLeft(stage, node) > delay.limit) continue;
    const cost = weights[arc]! + costLeft(stage, node);
    if (cost < Infinity) steps.push({ arc, cost, hops: stage.tree.hops[node]! });
  }
  return steps;
}

/** Follows what is cheapest in the whole graph. Where that meets none of the prefix's nodes, nothing else is better. */
function greedyCompletion(options: CompletionOptions): ArcPath | undefined {
  const { plan, prefix, budget } = options;
  const { graph, stages, delay } = plan;
  let first: Step | undefined;
  for (const step of firstSteps(options)) {
    if (!first || step.cost < first.cost || (step.cost === first.cost && step.hops < first.hops)) first = step;
  }
  if (!first) return undefined;
  const path = [first.arc];
  let index = prefix.stage;
  let spent = prefix.delay + (delay?.of[first.arc] ?? 0);
  for (;;) {
    const node = graph.arcTo[path.at(-1)!]!;
    if (prefix.visited[node]) return undefined;
    if (node === stages[index]!.goal) index++;
    if (index === stages.length) break;
    const arc = firstTightArc(plan, index, node);
    budget.left--;
    spent += delay?.of[arc] ?? 0;
    path.push(arc);
  }
  return delay && spent > delay.limit ? undefined : path;
}

/** The first arc on a cheapest way to the stage's goal with the fewest arcs. The goal must be within reach. */
function firstTightArc({ graph, weights, stages }: Plan, index: number, node: number): number {
  const { goal, closed, tree } = stages[index]!;
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
    const next = graph.arcTo[arc]!;
    if (closed[next]) continue;
    const cost = weights[arc]! + tree.cost[next]!;
    const hops = 1 + tree.hops[next]!;
    if (cost === tree.cost[node] && hops === tree.hops[node]) return arc;
  }
  throw new Error(`no way leads from node ${node} to node ${goal}: its cost must have been infinite`);
}

/** A way from the prefix's node to another. */
interface Label {
  readonly node: number;
  readonly stage: number;
  readonly cost: number;
  /** The cost and the least that is left. */
  readonly bound: number;
  readonly hops: number;
  readonly delay: number;
  readonly arc: number;
  readonly parent: Label | undefined;
}

/**
 * A*: labels in order of their bounds, of equal ones the shorter first, so that all ways to a node that are as cheap are known before
 * one of them is taken. The first label to take a node is the best; a later one is of use only where its delay is less.
 */
function searchCompletion({ plan, prefix, banned, budget }: CompletionOptions): ArcPath | undefined {
  const open = new Heap<Label>(compareLabels);
  /** The least delay with which a node was taken, by stage. */
  const taken = plan.stages.map(() => new Map<number, number>());
  const expand = (label: Label): void => {
    for (const next of nextLabels(plan, label, prefix)) {
      if (label.parent === undefined && banned.includes(next.arc)) continue;
      const known = taken[next.stage]?.get(next.node);
      if (known === undefined || next.delay < known) open.push(next);
    }
    budget.left -= plan.graph.rowEnd[label.node]! - plan.graph.rowStart[label.node]!;
  };
  const { node, stage, delay } = prefix;
  expand({ node, stage, cost: 0, bound: 0, hops: 0, delay, arc: -1, parent: undefined });
  for (let label = open.pop(); label && budget.left > 0; label = open.pop()) {
    const at = taken[label.stage];
    if (!at) return arcsOf(label);
    const known = at.get(label.node);
    if (known !== undefined && known <= label.delay) continue;
    at.set(label.node, label.delay);
    expand(label);
  }
  return undefined;
}

/** One arc farther. A label whose stage is beyond the last has arrived. */
function* nextLabels({ graph, weights, delay: bound, stages }: Plan, label: Label, prefix: Prefix): Generator<Label> {
  const stage = stages[label.stage]!;
  for (let arc = graph.rowStart[label.node]!; arc < graph.rowEnd[label.node]!; arc++) {
    const node = graph.arcTo[arc]!;
    if (prefix.visited[node] || stage.closed[node]) continue;
    const cost = label.cost + weights[arc]!;
    const least = cost + costLeft(stage, node);
    if (least === Infinity) continue;
    const delay = label.delay + (bound?.of[arc] ?? 0);
    if (bound && delay + delayLeft(stage, node) > bound.limit) continue;
    const isGoal = node === stage.goal;
    const hops = label.hops + 1;
    yield { node, stage: label.stage + Number(isGoal), cost, bound: least, hops, delay, arc, parent: label };
  }
}

function compareLabels(x: Label, y: Label): number {
  return x.bound - y.bound || x.hops - y.hops || x.stage - y.stage || x.node - y.node || compareArcs(x, y);
}

/** Two ways of as many arcs: which leaves by the lower arc where they part. */
function compareArcs(x: Label, y: Label): number {
  let order = 0;
  let [left, right]: [Label | undefined, Label | undefined] = [x, y];
  while (left && right && left !== right) {
    if (left.arc !== right.arc) order = left.arc - right.arc;
    left = left.parent;
    right = right.parent;
  }
  return order;
}

function arcsOf(end: Label): ArcPath {
  const arcs: number[] = [];
  for (let label: Label = end; label.parent; label = label.parent) arcs.push(label.arc);
  return arcs.reverse();
}
