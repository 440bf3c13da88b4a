/**
 * Which port leads to which, as far as ever seen. A link that is gone stays here until its ports are seen elsewhere: it may
 * be back before we hear of it, and what must never circle must not circle then either.
 */
import { portKey, samePort } from '../../core/ids.ts';
import type { Dpid, PortRef } from '../../core/ids.ts';
import type { Link } from '../../topology/view.ts';

export interface Cable {
  readonly a: PortRef;
  readonly b: PortRef;
}

export class Cabling {
  readonly #byPort = new Map<string, Cable>();
  readonly #bySwitch = new Map<Dpid, Set<Cable>>();
  /** Ends of the links there are now, by portKey. */
  #live: ReadonlySet<string> = new Set();

  /** Takes in the links there are; tells whether there is a cable that was not there before. */
  update(links: Iterable<Link>): boolean {
    let isRecabled = false;
    const live = new Set<string>();
    this.#live = live;
    for (const { a, b, bidirectional } of links) {
      if (bidirectional) live.add(portKey(a)).add(portKey(b));
      const known = this.#byPort.get(portKey(a));
      if (known && known === this.#byPort.get(portKey(b))) continue;
      for (const end of [a, b]) this.#unplug(end);
      const cable = { a, b };
      isRecabled = true;
      for (const end of [a, b]) {
        this.#byPort.set(portKey(end), cable);
        this.#cablesOf(end.dpid).add(cable);
      }
    }
    return isRecabled;
  }

  forget(dpid: Dpid): void {
    for (const { a, b } of this.#cablesOf(dpid)) this.#unplug(a.dpid === dpid ? a : b);
    this.#bySwitch.delete(dpid);
  }

  /** Whether a port is an end of a link that carries traffic now. */
  isLive(ref: PortRef): boolean {
    return this.#live.has(portKey(ref));
  }

  peer(ref: PortRef): PortRef | undefined {
    const cable = this.#byPort.get(portKey(ref));
    return cable && (samePort(cable.a, ref) ? cable.b : cable.a);
  }

  /** A switch's cables, by its port and the far end. */
  *linksOf(dpid: Dpid): IterableIterator<{ readonly port: number; readonly peer: PortRef }> {
    for (const { a, b } of this.#bySwitch.get(dpid) ?? []) {
      const [own, peer] = a.dpid === dpid ? [a, b] : [b, a];
      yield { port: own.port, peer };
    }
  }

  cables(): ReadonlySet<Cable> {
    return new Set(this.#byPort.values());
  }

  #unplug(ref: PortRef): void {
    const cable = this.#byPort.get(portKey(ref));
    if (!cable) return;
    for (const end of [cable.a, cable.b]) {
      this.#byPort.delete(portKey(end));
      this.#bySwitch.get(end.dpid)?.delete(cable);
    }
  }

  #cablesOf(dpid: Dpid): Set<Cable> {
    let cables = this.#bySwitch.get(dpid);
    if (!cables) this.#bySwitch.set(dpid, (cables = new Set()));
    return cables;
  }
}
