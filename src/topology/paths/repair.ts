/** Mends hop distances to one target after one link has gone or come, touching only nodes whose distance changes. */
import { UNREACHED } from './bfs.ts';
import type { Graph } from './graph.ts';

/** Memory that repairs share, each array at least as long as there are indices; `mark` is all 0 between repairs. */
export interface RepairBuffers {
  readonly mark: Uint8Array;
  readonly queue: Int32Array;
  readonly second: Int32Array;
}

const QUEUED = 1;
/** All its shortest paths are gone, and it has no new distance yet. */
const ORPHAN = 2;

interface Row {
  readonly graph: Graph;
  /** To the target, of every node. */
  readonly distance: Int32Array;
  readonly buffers: RepairBuffers;
}

/**
 * Distances to a target after an arc of `start` has gone (the graph is without it already). Returns the nodes that
 * are farther now, or reached no more; none where `start` has another next hop.
 */
export function repairAfterLoss(row: Row, start: number): readonly number[] {
  if (row.distance[start]! <= 0 || hasNextHop(row, start)) return [];
  const orphans = findOrphans(row, start);
  const seeds = seedOrphans(row, orphans);
  settleOrphans(row, seeds);
  for (const node of orphans) row.buffers.mark[node] = 0;
  return orphans;
}

/** Level by level, so that those nearer to the target are judged before. */
function findOrphans(row: Row, start: number): readonly number[] {
  const { graph, distance, buffers } = row;
  const { mark, queue } = buffers;
  const orphans: number[] = [];
  queue[0] = start;
  let tail = 1;
  for (let head = 0; head < tail; head++) {
    const node = queue[head]!;
    if (hasNextHop(row, node)) {
      mark[node] = 0;
      continue;
    }
    mark[node] = ORPHAN;
    orphans.push(node);
    const farther = distance[node]! + 1;
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const neighbour = graph.arcTo[arc]!;
      if (distance[neighbour] !== farther || mark[neighbour] !== 0) continue;
      mark[neighbour] = QUEUED;
      queue[tail++] = neighbour;
    }
  }
  return orphans;
}

function hasNextHop({ graph, distance, buffers }: Row, node: number): boolean {
  const nearer = distance[node]! - 1;
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
    const neighbour = graph.arcTo[arc]!;
    if (distance[neighbour] === nearer && buffers.mark[neighbour] !== ORPHAN) return true;
  }
  return false;
}

/** Gives each orphan the best that neighbours which are none offer; returns those that were offered something, nearest first. */
function seedOrphans({ graph, distance, buffers }: Row, orphans: readonly number[]): readonly number[] {
  const seeds: number[] = [];
  for (const node of orphans) {
    let best = Infinity;
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const neighbour = graph.arcTo[arc]!;
      const there = distance[neighbour]!;
      if (there !== UNREACHED && buffers.mark[neighbour] !== ORPHAN) best = Math.min(best, there + 1);
    }
    distance[node] = best < Infinity ? best : UNREACHED;
    if (best < Infinity) seeds.push(node);
  }
  return seeds.sort((x, y) => distance[x]! - distance[y]!);
}

/** Dijkstra's algorithm with two queues in order of distance: the seeds, and what was reached from a settled orphan. */
function settleOrphans({ graph, distance, buffers }: Row, seeds: readonly number[]): void {
  const { mark, second: queue } = buffers;
  let head = 0;
  let tail = 0;
  let next = 0;
  while (next < seeds.length || head < tail) {
    const fromSeeds = head === tail || (next < seeds.length && distance[seeds[next]!]! <= distance[queue[head]!]!);
    const node = fromSeeds ? seeds[next++]! : queue[head++]!;
    if (mark[node] !== ORPHAN) continue;
    mark[node] = 0;
    const at = distance[node]! + 1;
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const neighbour = graph.arcTo[arc]!;
      if (mark[neighbour] !== ORPHAN) continue;
      if (distance[neighbour] !== UNREACHED && distance[neighbour]! <= at) continue;
      distance[neighbour] = at;
      queue[tail++] = neighbour;
    }
  }
}

/**
 * Distances to a target after a link between `far` and `near` has come (the graph has it already), `near` being reached.
 * Returns the nodes that are nearer now.
 */
export function repairAfterGain({ graph, distance }: Row, far: number, near: number): readonly number[] {
  const moved: number[] = [];
  const lower = (node: number, at: number): void => {
    const here = distance[node]!;
    if (here !== UNREACHED && here <= at) return;
    distance[node] = at;
    moved.push(node);
  };
  lower(far, distance[near]! + 1);
  for (let head = 0; head < moved.length; head++) {
    const node = moved[head]!;
    const next = distance[node]! + 1;
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) lower(graph.arcTo[arc]!, next);
  }
  return moved;
}
