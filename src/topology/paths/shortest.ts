/** Shortest simple paths between two switches, k of them (Yen, Management Science 17(11), 1971), by hops. */
import { UNREACHED } from './bfs.ts';
import type { Graph } from './graph.ts';

/** A path as the arcs it takes. */
export type ArcPath = readonly number[];

interface Bans {
  readonly nodes: ReadonlySet<number>;
  readonly arcs: ReadonlySet<number>;
}

/** Up to k loop-free paths, shortest first, ties in the order of node and port numbers; none where there is no path. */
export function kShortestPaths(graph: Graph, from: number, to: number, k: number): ArcPath[] {
  const first = shortestPath(graph, from, to, { nodes: new Set(), arcs: new Set() });
  if (!first) return [];
  const found: ArcPath[] = [first];
  const candidates: ArcPath[] = [];
  const seen = new Set<string>([first.join()]);
  while (found.length < k) {
    const last = found.at(-1)!;
    for (let spur = 0; spur < last.length; spur++) {
      const root = last.slice(0, spur);
      const rest = spurPath(graph, { from, to, root, found });
      if (!rest) continue;
      const path = [...root, ...rest];
      const name = path.join();
      if (!seen.has(name)) {
        seen.add(name);
        candidates.push(path);
      }
    }
    candidates.sort(comparePaths);
    const best = candidates.shift();
    if (!best) break;
    found.push(best);
  }
  return found;
}

function spurPath(
  graph: Graph,
  options: { from: number; to: number; root: ArcPath; found: ArcPath[] },
): ArcPath | undefined {
  const { from, to, root, found } = options;
  const nodes = new Set<number>();
  let spurNode = from;
  for (const arc of root) {
    nodes.add(spurNode);
    spurNode = graph.arcTo[arc]!;
  }
  const arcs = new Set<number>();
  for (const path of found) {
    if (root.every((arc, index) => path[index] === arc)) {
      const next = path[root.length];
      if (next !== undefined) arcs.add(next);
    }
  }
  return shortestPath(graph, spurNode, to, { nodes, arcs });
}

/** Breadth first with bans; the first found in arc order wins, so that the answer is always the same. */
function shortestPath(graph: Graph, from: number, to: number, bans: Bans): ArcPath | undefined {
  if (from === to) return [];
  const cameBy = new Int32Array(graph.dpids.length).fill(UNREACHED);
  const cameFrom = new Int32Array(graph.dpids.length).fill(UNREACHED);
  const queue = [from];
  const visited = new Uint8Array(graph.dpids.length);
  visited[from] = 1;
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!;
    if (node === to) break;
    for (let arc = graph.rowStart[node]!; arc < graph.rowStart[node + 1]!; arc++) {
      const neighbour = graph.arcTo[arc]!;
      if (visited[neighbour] || bans.arcs.has(arc) || bans.nodes.has(neighbour)) continue;
      visited[neighbour] = 1;
      cameBy[neighbour] = arc;
      cameFrom[neighbour] = node;
      queue.push(neighbour);
    }
  }
  if (!visited[to]) return undefined;
  const path: number[] = [];
  for (let node = to; node !== from; node = cameFrom[node]!) path.push(cameBy[node]!);
  return path.reverse();
}

function comparePaths(x: ArcPath, y: ArcPath): number {
  if (x.length !== y.length) return x.length - y.length;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}
