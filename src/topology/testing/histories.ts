/** Histories of networks for tests: views that follow each other, with what changed from one to the next. */
import * as fc from 'fast-check';
import { linkId } from '../../core/ids.ts';
import type { Dpid, LinkId } from '../../core/ids.ts';
import type { FollowedChange, FollowedLink, FollowedView } from '../paths/follow.ts';
import type { Graph } from '../paths/graph.ts';
import { dpidOf } from './graphs.ts';

export interface Moment {
  readonly view: FollowedView<FollowedLink>;
  readonly change: FollowedChange;
}

export interface HistoryOptions {
  readonly switches: number;
  /** Cables that may be there: any two of the switches, several between the same two. */
  readonly cables: number;
  readonly moments: number;
  /** Whether switches may be away. */
  readonly away: boolean;
}

export const LABELS: HistoryOptions = { switches: 9, cables: 24, moments: 24, away: false };

/** What one moment changes; each entry turns something over. */
interface Turn {
  readonly switches: readonly number[];
  readonly cables: readonly number[];
  readonly oneWay: readonly number[];
  readonly away: readonly number[];
}

/** Random histories. Links may come before their switches, outlast them, and work one way only for a while. */
export function arbitraryHistory({ switches, cables, moments, away }: HistoryOptions): fc.Arbitrary<readonly Moment[]> {
  const node = fc.nat(switches - 1);
  const cable = fc.nat(cables - 1);
  const turn = fc.record({
    switches: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(node, { maxLength: 3 }) },
    ),
    cables: fc.array(cable, { maxLength: 3 }),
    oneWay: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(cable, { maxLength: 1 }) },
    ),
    away: away ? fc.array(node, { maxLength: 1 }) : fc.constant([]),
  });
  const ends = fc.array(fc.tuple(node, node), { minLength: cables, maxLength: cables });
  return fc.tuple(ends, fc.array(turn, { minLength: 1, maxLength: moments, size: 'max' })).map(([ends, turns]) => {
    const all = { switches: [...Array(switches).keys()], cables: [...Array(cables).keys()], oneWay: [], away: [] };
    return play(ends, [all, ...turns]);
  });
}

function play(ends: readonly (readonly [number, number])[], turns: readonly Turn[]): Moment[] {
  const present = new Map<Dpid, { readonly away: boolean }>();
  const links = new Map<LinkId, FollowedLink>();
  return turns.map((turn) => {
    const changed = { switches: new Set<Dpid>(), links: new Set<LinkId>() };
    for (const node of turn.switches) {
      const dpid = dpidOf(node);
      if (!present.delete(dpid)) present.set(dpid, { away: false });
      changed.switches.add(dpid);
    }
    for (const node of turn.away) {
      const known = present.get(dpidOf(node));
      if (!known) continue;
      present.set(dpidOf(node), { away: !known.away });
      changed.switches.add(dpidOf(node));
    }
    for (const cable of turn.cables) {
      const link = linkOf(ends[cable]!, cable);
      if (!links.delete(link.id)) links.set(link.id, link);
      changed.links.add(link.id);
    }
    for (const cable of turn.oneWay) {
      const known = links.get(linkOf(ends[cable]!, cable).id);
      if (!known) continue;
      links.set(known.id, { ...known, bidirectional: !known.bidirectional });
      changed.links.add(known.id);
    }
    return { view: { switches: new Map(present), links: new Map(links) }, change: changed };
  });
}

function linkOf([x, y]: readonly [number, number], cable: number): FollowedLink {
  const a = { dpid: dpidOf(Math.min(x, y)), port: 2 * cable + 1 };
  const b = { dpid: dpidOf(Math.max(x, y)), port: 2 * cable + 2 };
  return { id: linkId(a, b), a, b, bidirectional: true };
}

/** The arcs of each switch, without indices. */
export function rowsByDpid(graph: Graph): Record<Dpid, string[]> {
  const rows: Record<Dpid, string[]> = {};
  for (const [dpid, node] of graph.indexOf) {
    const row: string[] = [];
    for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) {
      const link = graph.links[graph.arcLink[arc]!]!;
      const ends = `${link.a.dpid}:${link.a.port}-${link.b.dpid}:${link.b.port}`;
      row.push(`${graph.arcPort[arc]} > ${graph.dpids[graph.arcTo[arc]!]}:${graph.arcInPort[arc]} ${ends}`);
    }
    rows[dpid] = row;
  }
  return rows;
}
