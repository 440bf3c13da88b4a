/**
 * The network as one immutable, numbered value, observed facts and declared policies: all that apps, paths and the northbound
 * know of the world.
 * A new view shares with the last one everything that did not change, so `===` on an entry tells whether it did.
 */
import type { Ip, Mac } from '../core/addresses.ts';
import type { Dpid, LinkId, PortRef } from '../core/ids.ts';
import type { Policy } from '../core/policy.ts';

/**
 * What a port leads to. Until it is known, a port carries nothing but LLDP, so that no loop can close through it.
 */
export type PortKind = 'unknown' | 'host' | 'fabric';

export interface Port {
  readonly number: number;
  readonly name: string;
  readonly mac: Mac;
  readonly up: boolean;
  readonly kind: PortKind;
  /** 0 where the switch does not say. */
  readonly speedBps: number;
  /** It goes up and down too often: it is held down, whatever it is, until it is quiet. */
  readonly damped?: true;
}

export interface Switch {
  readonly dpid: Dpid;
  /** The bridge's name (its local port's), or the dpid where the switch has no local port. */
  readonly name: string;
  /** False while its session is gone; its facts stay, since its data plane forwards on. */
  readonly connected: boolean;
  /** Its session has been gone for so long that it may be dead: traffic is led around it where there is another way. */
  readonly away: boolean;
  readonly remoteAddress: string;
  /** Milliseconds since the epoch. */
  readonly connectedSince: number;
  readonly manufacturer: string;
  readonly hardware: string;
  readonly software: string;
  readonly serial: string;
  readonly description: string;
  readonly tables: number;
  readonly ports: ReadonlyMap<number, Port>;
}

/** A cable between two switches, once; `a` is the lower end (see comparePorts). */
export interface Link {
  readonly id: LinkId;
  readonly a: PortRef;
  readonly b: PortRef;
  /** Probes arrive both ways; only such a link carries traffic. */
  readonly bidirectional: boolean;
  /** One way, the mean of both, less what the control channels take; missing until it has been measured. */
  readonly latencyMs?: number;
}

export interface Host {
  readonly mac: Mac;
  readonly vlan: number | undefined;
  /** IPv4 first, then IPv6, each in numeric order. */
  readonly ips: readonly Ip[];
  readonly name: string | undefined;
  readonly at: PortRef;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
}

export interface NetworkView {
  readonly version: number;
  readonly switches: ReadonlyMap<Dpid, Switch>;
  readonly links: ReadonlyMap<LinkId, Link>;
  readonly hosts: ReadonlyMap<Mac, Host>;
  /** What is declared and enabled, by name. */
  readonly policies: ReadonlyMap<string, Policy>;
}

/** The keys whose entry is not the same in two views (added, changed or gone). */
export interface ViewChange {
  readonly switches: ReadonlySet<Dpid>;
  readonly links: ReadonlySet<LinkId>;
  readonly hosts: ReadonlySet<Mac>;
  readonly policies: ReadonlySet<string>;
}

export const EMPTY_VIEW: NetworkView = {
  version: 0,
  switches: new Map(),
  links: new Map(),
  hosts: new Map(),
  policies: new Map(),
};

/** Everything in a view, as if none of it had been there before. */
export function wholeOf(view: NetworkView): ViewChange {
  return {
    switches: new Set(view.switches.keys()),
    links: new Set(view.links.keys()),
    hosts: new Set(view.hosts.keys()),
    policies: new Set(view.policies.keys()),
  };
}
