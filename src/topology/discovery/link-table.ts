/** The links of the network as probes tell them: made, seen both ways, silent one way, gone. */
import { comparePorts, linkId, samePort } from '../../core/ids.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Network } from '../network.ts';
import type { Link } from '../view.ts';
import type { ProbedPort, ProbedPorts } from './probed-port.ts';

export class LinkTable {
  readonly #network: Network;
  readonly #ports: ProbedPorts;

  constructor(network: Network, ports: ProbedPorts) {
    this.#network = network;
    this.#ports = ports;
  }

  /**
   * The other end of a link known from before: it holds until probes are missed. One that was heard one way only is found
   * anew, unless that way is the other end's.
   */
  knownPeer(ref: PortRef): PortRef | undefined {
    for (const link of this.#network.linksAt(ref)) {
      const peer = samePort(link.a, ref) ? link.b : link.a;
      if (link.bidirectional) return peer;
      if (!this.#ports.isHeardAt(peer, ref)) this.#drop(link);
    }
    return undefined;
  }

  /** A probe of `from` was heard at `at`. Returns true where they come both ways. */
  heard(from: PortRef, at: PortRef): boolean {
    const network = this.#network;
    const id = linkId(from, at);
    const bidirectional = this.#ports.isHeardAt(at, from);
    const known = network.link(id);
    if (!known) {
      for (const end of [from, at]) this.dropAt(end);
      const [a, b] = comparePorts(from, at) < 0 ? [from, at] : [at, from];
      network.setLink(id, { id, a, b, bidirectional });
    } else if (bidirectional && !known.bidirectional) {
      network.setLink(id, { ...known, bidirectional });
    }
    network.setPortKind(from, 'fabric');
    network.setPortKind(at, 'fabric');
    return bidirectional;
  }

  /** A port has one link: a new one ends those that it had, and so does its going down. */
  dropAt(ref: PortRef): void {
    for (const link of this.#network.linksAt(ref)) this.#drop(link);
  }

  /** Probes of the port are missed where they were heard. Returns the link where it carried traffic until now. */
  silent({ ref, heardAt }: ProbedPort): Link | undefined {
    if (!heardAt) return undefined;
    this.#ports.forgetHeard(ref, heardAt);
    const link = this.#network.link(linkId(ref, heardAt));
    if (!link) return undefined;
    if (this.#ports.isHeardAt(heardAt, ref)) this.#network.setLink(link.id, { ...link, bidirectional: false });
    else this.#drop(link);
    return link.bidirectional ? link : undefined;
  }

  #drop({ id, a, b }: Link): void {
    this.#network.setLink(id, undefined);
    this.#ports.forgetHeard(a, b);
    this.#ports.forgetHeard(b, a);
  }
}
