/**
 * A packet that no rule knows is answered in one go: rules along its whole way, those at its end first, and the packet itself
 * out of its last hop. All memory is there beforehand; what remains to be allocated does not grow with the network.
 */
import type { Clock } from '../core/clock.ts';
import { samePort } from '../core/ids.ts';
import type { Dpid } from '../core/ids.ts';
import { OFPP } from '../openflow/codec/index.ts';
import { UNREACHED } from '../topology/paths/bfs.ts';
import type { Network } from '../topology/network.ts';
import type { Host } from '../topology/view.ts';
import { ConversationKey } from './conversation-key.ts';
import type { ReactiveMatch } from './conversation-key.ts';
import type { Fabric, Station } from './fabric.ts';
import { PathWalker } from './path-walker.ts';
import { RecentConversations } from './recent.ts';
import { RuleTemplates } from './rule-templates.ts';
import { PacketSender } from './sender.ts';

/** A switch that refused a rule has no room: its conversations go by the controller meanwhile. */
export const REST_MS = 1_000;

/** Since the start. */
export interface ReactiveCounters {
  /** Packets that came up. */
  packets: number;
  /** … for which rules were sent along a way. */
  programmed: number;
  /** … sent on without rules: those are on their way, or may not be sent now. */
  sentOn: number;
  /** … to an unknown host, sent out of all hosts' ports. */
  flooded: number;
  /** … to an unknown host, dropped: too many of those of late. */
  floodLimited: number;
  /** … dropped: there is no way to their host. */
  dropped: number;
  /** Rules sent. */
  rules: number;
  /** Rules that switches refused. */
  refused: number;
}

export interface ProgrammerOptions {
  readonly fabric: Fabric;
  readonly network: Pick<Network, 'host' | 'view'>;
  readonly clock: Clock;
  readonly match: ReactiveMatch;
  readonly idleTimeoutS: number;
  /** More frames to unknown hosts came up than are flooded: some were dropped, the first of them at this switch. */
  readonly onFloodLimit: (dpid: Dpid) => void;
}

export class Programmer {
  readonly counters: ReactiveCounters = {
    packets: 0,
    programmed: 0,
    sentOn: 0,
    flooded: 0,
    floodLimited: 0,
    dropped: 0,
    rules: 0,
    refused: 0,
  };
  readonly recent = new RecentConversations();
  readonly walker: PathWalker;
  readonly #options: ProgrammerOptions;
  readonly #key: ConversationKey;
  readonly #templates: RuleTemplates;
  readonly #sender = new PacketSender();

  constructor(options: ProgrammerOptions) {
    this.#options = options;
    this.walker = new PathWalker(options.fabric);
    this.#key = new ConversationKey(options.match);
    this.#templates = new RuleTemplates(options.idleTimeoutS);
  }

  /** A packet came up from the table `forward` of a switch. */
  packetIn(dpid: Dpid, inPort: number, frame: Uint8Array): void {
    const { fabric, network } = this.#options;
    const from = fabric.stations.get(dpid);
    const key = this.#key;
    if (!from || !key.read(frame)) return;
    this.counters.packets++;
    const host = network.host(key.ethDst);
    if (!host) {
      this.#flood(from, inPort, frame);
      return;
    }
    const to = fabric.stations.get(host.at.dpid);
    // Sender and receiver share a port: it heard the frame already.
    if (to === from && host.at.port === inPort) return;
    if (!to?.session || fabric.distancesTo(to.node)[from.node] === UNREACHED) {
      this.counters.dropped++;
      return;
    }
    if (this.#begin(from, to, host)) this.#program(to, host, frame);
    else this.counters.sentOn++;
    this.#sender.send(to.session, frame, to === from ? inPort : OFPP.CONTROLLER, host.at.port);
  }

  /** A switch has no room for a rule of a conversation. */
  refused(dpid: Dpid): void {
    const station = this.#options.fabric.stations.get(dpid);
    this.counters.refused++;
    if (station) station.restsUntil = this.#options.clock.now() + REST_MS;
  }

  #flood(from: Station, inPort: number, frame: Uint8Array): void {
    const { fabric, clock, onFloodLimit } = this.#options;
    if (this.#sender.takeFlood(clock.now())) {
      this.counters.flooded++;
      this.#sender.toAllHosts(fabric, from, inPort, frame);
    } else {
      this.counters.floodLimited++;
      onFloodLimit(from.dpid);
    }
  }

  /** True, and noted, where a conversation begins: the walker has its way, and rules may be sent along it now. */
  #begin(from: Station, to: Station, host: Host): boolean {
    const { fabric, network, clock } = this.#options;
    const now = clock.now();
    if (fabric.isBlocked(to.node) || this.recent.has(this.#key, from.node, now)) return false;
    // Rules follow views: where it was is not cleared up yet.
    const known = network.view.hosts.get(host.mac);
    if (known !== host && (!known || !samePort(known.at, host.at))) return false;
    if (!this.walker.walk(from.node, to.node, this.#key.hash) || this.#rests(now)) return false;
    this.recent.add(this.#key, from.node, now);
    return true;
  }

  /** True where a switch on the way has no room now. */
  #rests(now: number): boolean {
    const { nodes, length } = this.walker;
    for (let hop = 0; hop < length; hop++) if (this.#options.fabric.byNode[nodes[hop]!]!.restsUntil > now) return true;
    return false;
  }

  /** Egress first, so that the next packet finds its way made wherever it is overtaken. */
  #program(to: Station, host: Host, frame: Uint8Array): void {
    const { fabric } = this.#options;
    const { nodes, ports, length } = this.walker;
    this.#templates.make(this.#key, frame, to.unit);
    const { bytes } = this.#templates;
    for (let hop = length - 1; hop >= 0; hop--) {
      const node = nodes[hop]!;
      const isLast = hop === length - 1;
      const port = isLast ? host.at.port : ports[hop]!;
      if (!isLast) fabric.used.mark(node, port, to.node);
      this.#templates.setOutPort(port);
      if (fabric.byNode[node]!.session?.append(bytes)) this.counters.rules++;
    }
    this.counters.programmed++;
  }
}
