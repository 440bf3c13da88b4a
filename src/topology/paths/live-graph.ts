/**
 * A graph that changes by single switches and links. Rows have room to grow, so that adding or taking a link moves a few arcs;
 * a switch keeps its index while it is there, and a freed index is used again.
 */
import type { Dpid, LinkId } from '../../core/ids.ts';
import type { Graph, NamedLink } from './graph.ts';

/** Arcs a new row has room for: most switches have more than a few links soon. */
const FIRST_ROOM = 4;

export class LiveGraph<L extends NamedLink = NamedLink> implements Graph<L> {
  readonly dpids: Dpid[] = [];
  readonly indexOf = new Map<Dpid, number>();
  readonly links: (L | undefined)[] = [];
  rowStart = new Int32Array(0);
  rowEnd = new Int32Array(0);
  arcTo = new Int32Array(0);
  arcBack = new Int32Array(0);
  arcPort = new Int32Array(0);
  arcInPort = new Int32Array(0);
  arcLink = new Int32Array(0);
  /** How many arcs each row has room for. */
  #room = new Int32Array(0);
  /** Where the next row that needs more room goes. */
  #end = 0;
  readonly #linkIndex = new Map<LinkId, number>();
  readonly #freeNodes: number[] = [];
  readonly #freeLinks: number[] = [];

  /** The switch's index; what it has already where it is there. */
  addSwitch(dpid: Dpid): number {
    const known = this.indexOf.get(dpid);
    if (known !== undefined) return known;
    const node = this.#freeNodes.pop() ?? this.dpids.length;
    this.dpids[node] = dpid;
    this.indexOf.set(dpid, node);
    if (node >= this.rowStart.length) this.#growNodes();
    return node;
  }

  /** Takes a switch out that has no link any more; throws where it has one. */
  removeSwitch(dpid: Dpid): void {
    const node = this.indexOf.get(dpid);
    if (node === undefined) return;
    if (this.rowEnd[node] !== this.rowStart[node]) throw new Error(`switch ${dpid} has links: remove those first`);
    this.indexOf.delete(dpid);
    this.dpids[node] = '';
    this.#freeNodes.push(node);
  }

  link(id: LinkId): L | undefined {
    const index = this.#linkIndex.get(id);
    return index === undefined ? undefined : this.links[index];
  }

  /** False where the link cannot be in the graph: an end is not there, or both are one switch. Replaces one of the same id. */
  addLink(link: L): boolean {
    const a = this.indexOf.get(link.a.dpid);
    const b = this.indexOf.get(link.b.dpid);
    if (a === undefined || b === undefined || a === b) return false;
    const known = this.#linkIndex.get(link.id);
    if (known !== undefined) {
      this.links[known] = link;
      return true;
    }
    const index = this.#freeLinks.pop() ?? this.links.length;
    this.links[index] = link;
    this.#linkIndex.set(link.id, index);
    this.#makeRoom(a);
    this.#makeRoom(b);
    const there = this.#insert(a, { to: b, port: link.a.port, inPort: link.b.port, link: index });
    const back = this.#insert(b, { to: a, port: link.b.port, inPort: link.a.port, link: index });
    this.arcBack[there] = back;
    this.arcBack[back] = there;
    return true;
  }

  /** False where there is no such link. */
  removeLink(id: LinkId): boolean {
    const index = this.#linkIndex.get(id);
    const link = index === undefined ? undefined : this.links[index];
    if (index === undefined || link === undefined) return false;
    const a = this.indexOf.get(link.a.dpid)!;
    const b = this.indexOf.get(link.b.dpid)!;
    const there = this.arcLink.indexOf(index, this.rowStart[a]);
    const back = this.arcBack[there]!;
    this.#remove(a, there);
    this.#remove(b, back);
    this.links[index] = undefined;
    this.#linkIndex.delete(id);
    this.#freeLinks.push(index);
    return true;
  }

  #insert(node: number, arc: { to: number; port: number; inPort: number; link: number }): number {
    const dpid = this.dpids[arc.to]!;
    let at = this.rowEnd[node]!++;
    for (; at > this.rowStart[node]!; at--) {
      const before = this.dpids[this.arcTo[at - 1]!]!;
      if (before < dpid || (before === dpid && this.arcPort[at - 1]! < arc.port)) break;
      this.#move(at - 1, at);
    }
    this.arcTo[at] = arc.to;
    this.arcPort[at] = arc.port;
    this.arcInPort[at] = arc.inPort;
    this.arcLink[at] = arc.link;
    return at;
  }

  #remove(node: number, arc: number): void {
    const last = --this.rowEnd[node]!;
    for (let at = arc; at < last; at++) this.#move(at + 1, at);
  }

  #move(from: number, to: number): void {
    this.arcTo[to] = this.arcTo[from]!;
    this.arcPort[to] = this.arcPort[from]!;
    this.arcInPort[to] = this.arcInPort[from]!;
    this.arcLink[to] = this.arcLink[from]!;
    const back = this.arcBack[from]!;
    this.arcBack[to] = back;
    this.arcBack[back] = to;
  }

  /** After this the row has room for one arc more. */
  #makeRoom(node: number): void {
    const start = this.rowStart[node]!;
    const length = this.rowEnd[node]! - start;
    if (length < this.#room[node]!) return;
    const room = Math.max(FIRST_ROOM, 2 * length);
    if (this.#end + room > this.arcTo.length) this.#growArcs(room);
    const moved = this.#end;
    for (let i = 0; i < length; i++) this.#move(start + i, moved + i);
    this.rowStart[node] = moved;
    this.rowEnd[node] = moved + length;
    this.#room[node] = room;
    this.#end += room;
  }

  /** Rows that moved leave gaps; each is smaller than the row that left it, so that less than half is ever wasted. */
  #growArcs(more: number): void {
    const size = Math.max(2 * this.arcTo.length, this.#end + more);
    this.arcTo = grown(this.arcTo, size);
    this.arcBack = grown(this.arcBack, size);
    this.arcPort = grown(this.arcPort, size);
    this.arcInPort = grown(this.arcInPort, size);
    this.arcLink = grown(this.arcLink, size);
  }

  #growNodes(): void {
    const size = Math.max(FIRST_ROOM, 2 * this.rowStart.length);
    this.rowStart = grown(this.rowStart, size);
    this.rowEnd = grown(this.rowEnd, size);
    this.#room = grown(this.#room, size);
  }
}

function grown(array: Int32Array<ArrayBuffer>, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}
