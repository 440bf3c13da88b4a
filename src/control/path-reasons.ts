/** Why there is no such path, in sentences. */
import type { Dpid, LinkId } from '../core/ids.ts';
import type { PathQuery } from '../northbound/services.ts';
import { costOf } from '../topology/paths/metrics.ts';
import { kShortestPaths } from '../topology/paths/yen.ts';
import type { NetworkView } from '../topology/view.ts';
import { toProblem, waypointsOf } from './path-problem.ts';
import type { PathNetwork } from './path-problem.ts';

/** For each question beside the one that was asked. */
const MAX_WORK_FOR_REASONS = 50_000;

/** Why no network could have such a path, as a sentence; undefined where nothing speaks against it. */
export function contradictionIn({ graph, view }: PathNetwork, query: PathQuery): string | undefined {
  const { from, to, avoid } = query;
  const via = waypointsOf(query);
  for (const dpid of [from.dpid, to.dpid, ...via]) {
    const name = nameOf(view, dpid);
    if (!graph.indexOf.has(dpid)) return `Switch ${name} is not in the network any more.`;
    if (avoid?.switches.includes(dpid)) {
      const role = via.includes(dpid) ? 'passed' : 'where the path begins or ends';
      return `${name} is to be avoided and to be ${role}: leave it out of avoid.`;
    }
  }
  const twice = via.find((dpid, index) => via.indexOf(dpid) !== index || dpid === from.dpid || dpid === to.dpid);
  if (twice !== undefined)
    return `A path passes ${nameOf(view, twice)} once only: via asks for it twice, or out of order.`;
  if (via.length > 0 && from.dpid === to.dpid) {
    return `Both ends are at ${nameOf(view, from.dpid)}: the path leads nowhere else, so leave via out.`;
  }
  return undefined;
}

type Constraint = 'avoid' | 'via' | 'minBandwidthBps' | 'maxLatencyMs';

const CONSTRAINTS: readonly Constraint[] = ['minBandwidthBps', 'maxLatencyMs', 'avoid', 'via'];

/** Which constraint stands in the way: the first without which there is a path. Call where there is none with all of them. */
export function whyNoPath(network: PathNetwork, query: PathQuery): string {
  const { view } = network;
  const ends = `from ${nameOf(view, query.from.dpid)} to ${nameOf(view, query.to.dpid)}`;
  const given = CONSTRAINTS.filter((constraint) => query[constraint] !== undefined);
  if (!hasPath(network, without(query, given))) return `No links lead ${ends} now.`;
  const culprit = given.find((constraint) => hasPath(network, without(query, [constraint])));
  // There may be paths that hold to the culprit and not to the rest.
  const rest = given.filter((constraint) => constraint !== culprit);
  const which = rest.length > 0 ? `${ends} that holds to ${rest.join(', ')}` : ends;
  switch (culprit) {
    case 'minBandwidthBps':
      return `Every path ${which} has a link with less than ${query.minBandwidthBps} bit/s free: ask for less.`;
    case 'maxLatencyMs':
      return tooSlow(network, query, which);
    case 'avoid':
      return `Every path ${which} goes by what is to be avoided: leave some of it out of avoid.`;
    case 'via': {
      const names = waypointsOf(query).map((dpid) => nameOf(view, dpid));
      return `No path ${which} passes ${names.join(', then ')} without meeting a switch twice: change via.`;
    }
    default:
      return `No path ${ends} holds to all of ${given.join(', ')}: leave some out.`;
  }
}

function tooSlow(network: PathNetwork, query: PathQuery, which: string): string {
  const timed: PathQuery = { ...without(query, ['maxLatencyMs']), metric: 'latency' };
  // One that crosses switches without a session may be quicker than all others.
  const problem = toProblem(network, timed, { prefersPresent: false });
  const [quickest] = kShortestPaths(problem, { k: 1, maxWork: MAX_WORK_FOR_REASONS }).paths;
  if (!quickest) return `Every path ${which} takes more than ${query.maxLatencyMs} ms: allow more.`;
  const ms = costOf(network.graph, quickest, { metric: 'latency', metrics: network.metrics });
  return `The quickest path ${which} takes ${ms} ms, more than ${query.maxLatencyMs}: allow more.`;
}

/** False also where the search is given up. */
function hasPath(network: PathNetwork, query: PathQuery): boolean {
  const { paths } = kShortestPaths(toProblem(network, query), { k: 1, maxWork: MAX_WORK_FOR_REASONS });
  return paths.length > 0;
}

function without(query: PathQuery, constraints: readonly Constraint[]): PathQuery {
  return { ...query, ...Object.fromEntries(constraints.map((constraint) => [constraint, undefined])) };
}

export interface Shared {
  readonly links: readonly LinkId[];
  readonly switches: readonly Dpid[];
}

/** What a pair that should be disjoint has in common; undefined where it is nothing of what was asked for. */
export function whyShared(view: NetworkView, query: PathQuery, { links, switches }: Shared): string | undefined {
  const { disjoint: by = 'links' } = query;
  const counted = by === 'nodes' ? switches : [];
  if (links.length === 0 && counted.length === 0) return undefined;
  const names = [
    ...counted.map((dpid) => nameOf(view, dpid)),
    ...links.map((id) => {
      const link = view.links.get(id);
      return link ? `${nameOf(view, link.a.dpid)}-${nameOf(view, link.b.dpid)}` : id;
    }),
  ];
  const given = CONSTRAINTS.filter((constraint) => query[constraint] !== undefined);
  const which = given.length > 0 ? ` that hold to ${given.join(', ')}` : '';
  return `No two paths${which} are disjoint by ${by}: these share as little as can be, ${names.join(', ')}.`;
}

/** As a person calls it. */
function nameOf(view: NetworkView, dpid: Dpid): string {
  return view.switches.get(dpid)?.name ?? dpid;
}
