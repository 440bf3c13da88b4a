/** Keeps a live graph in step with views: the switches that are there, and the links that carry traffic both ways. */
import type { Dpid, LinkId } from '../../core/ids.ts';
import type { NamedLink } from './graph.ts';
import type { LiveGraph } from './live-graph.ts';

export interface FollowedLink extends NamedLink {
  /** Only such a link carries traffic. */
  readonly bidirectional: boolean;
}

/** What a view's facts must tell; a `NetworkView` does. */
export interface FollowedView<L extends FollowedLink> {
  readonly switches: ReadonlyMap<Dpid, { readonly away: boolean }>;
  readonly links: ReadonlyMap<LinkId, L>;
}

/** The keys whose entry is not the same as in the view before. */
export interface FollowedChange {
  readonly switches: Iterable<Dpid>;
  readonly links: Iterable<LinkId>;
}

/** Called after each single change of the graph, with the indices concerned. */
export interface GraphListener {
  linkGone(x: number, y: number): void;
  linkCame(x: number, y: number): void;
  switchCame(node: number): void;
  switchGone(node: number, dpid: Dpid): void;
}

/** Takes the next view in: what is gone first, then what came. */
export type Follow<L extends FollowedLink> = (view: FollowedView<L>, change: FollowedChange) => void;

/** `graph` must be empty. */
export function followViews<L extends FollowedLink>(graph: LiveGraph<L>, listener?: Partial<GraphListener>): Follow<L> {
  /** Links that would carry traffic, were both their switches there. */
  const waiting = new Map<LinkId, L>();

  const remove = (link: L): void => {
    graph.removeLink(link.id);
    listener?.linkGone?.(graph.indexOf.get(link.a.dpid)!, graph.indexOf.get(link.b.dpid)!);
  };

  const add = (link: L): void => {
    const isNew = graph.link(link.id) === undefined;
    if (!graph.addLink(link)) {
      waiting.set(link.id, link);
      return;
    }
    waiting.delete(link.id);
    if (isNew) listener?.linkCame?.(graph.indexOf.get(link.a.dpid)!, graph.indexOf.get(link.b.dpid)!);
  };

  const removeSwitch = (dpid: Dpid): void => {
    const node = graph.indexOf.get(dpid);
    if (node === undefined) return;
    for (const link of linksOf(graph, node)) {
      remove(link);
      waiting.set(link.id, link);
    }
    graph.removeSwitch(dpid);
    listener?.switchGone?.(node, dpid);
  };

  return (view, change) => {
    for (const id of change.links) {
      if (view.links.get(id)?.bidirectional) continue;
      waiting.delete(id);
      const known = graph.link(id);
      if (known) remove(known);
    }
    for (const dpid of change.switches) if (!view.switches.has(dpid)) removeSwitch(dpid);
    let switchesCame = false;
    for (const dpid of change.switches) {
      if (!view.switches.has(dpid) || graph.indexOf.has(dpid)) continue;
      switchesCame = true;
      const node = graph.addSwitch(dpid);
      listener?.switchCame?.(node);
    }
    for (const id of change.links) {
      const link = view.links.get(id);
      if (link?.bidirectional) add(link);
    }
    if (switchesCame) for (const link of waiting.values()) add(link);
  };
}

function linksOf<L extends FollowedLink>(graph: LiveGraph<L>, node: number): L[] {
  const links: L[] = [];
  for (let arc = graph.rowStart[node]!; arc < graph.rowEnd[node]!; arc++) links.push(graph.links[graph.arcLink[arc]!]!);
  return links;
}
