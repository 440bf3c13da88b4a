/**
 * What switches tell of their ports, as facts. A port that goes down is believed at once, always; one that does so too often
 * is held down, whatever it says, until it is quiet: each time it came up it would be probed, rules would be made, and
 * traffic would be lost with the next time down.
 */
import type { Clock } from '../core/clock.ts';
import type { Dpid, PortRef } from '../core/ids.ts';
import type { NoticeHandler } from '../core/notice.ts';
import { OFPPR } from '../openflow/codec/index.ts';
import type { PortDesc, PortStatus } from '../openflow/codec/index.ts';
import type { Discovery } from '../topology/discovery/discovery.ts';
import type { HostTracker } from '../topology/hosts/tracker.ts';
import type { Network } from '../topology/network.ts';
import type { Port, PortKind } from '../topology/view.ts';
import { FlapDamper } from './flap-damping.ts';
import { isPhysical, isUp, toPort } from './ports.ts';

export interface PortChangesOptions {
  readonly network: Network;
  readonly discovery: Pick<Discovery, 'portUp' | 'portDown'>;
  readonly hosts: Pick<HostTracker, 'portLost'>;
  readonly clock: Clock;
  /** True while the switch has a session. */
  readonly isAttached: (dpid: Dpid) => boolean;
  readonly onNotice: NoticeHandler;
}

export interface PortChanges {
  status(dpid: Dpid, status: PortStatus): void;
  /** A port of a switch that connects, with what is known of where it leads. */
  describe(dpid: Dpid, desc: PortDesc, kind: PortKind): Port;
}

interface HeldPort {
  readonly dpid: Dpid;
  /** As the switch told it last. */
  readonly desc: PortDesc;
}

export function createPortChanges(options: PortChangesOptions): PortChanges {
  const { network, discovery, hosts, clock, isAttached, onNotice } = options;
  /** By switch and name: a port that is deleted and added again may get another number. */
  const held = new Map<string, HeldPort>();
  const damper = new FlapDamper({ clock, onRelease: release });
  return { status, describe };

  function status(dpid: Dpid, { reason, desc }: PortStatus): void {
    if (!isPhysical(desc)) return;
    const before = network.port({ dpid, port: desc.portNo });
    // A port added where one was known is another port, whatever its number.
    if (before && reason !== OFPPR.MODIFY) gone(dpid, desc);
    if (damper.isHeld(keyOf(dpid, desc))) whileHeld(dpid, desc, reason);
    else if (reason === OFPPR.DELETE) lostIf(before?.up === true, dpid, desc);
    else changed(dpid, desc, reason === OFPPR.MODIFY ? before : undefined, before);
  }

  function gone(dpid: Dpid, { portNo }: PortDesc): void {
    const ref = { dpid, port: portNo };
    down(ref);
    network.setPort(dpid, portNo, undefined);
  }

  /** @param before the same port, where it was known; `replaced` is what had its number */
  function changed(dpid: Dpid, desc: PortDesc, before: Port | undefined, replaced: Port | undefined): void {
    const ref = { dpid, port: desc.portNo };
    const wasUp = before?.up === true;
    const port = toPort(desc, wasUp ? before.kind : 'unknown');
    network.setPort(dpid, desc.portNo, port);
    if (!port.up && wasUp) down(ref);
    const pulled = !before && replaced?.up === true && replaced.name === desc.name;
    const flaps = lostIf((wasUp && !port.up) || pulled, dpid, desc);
    if (flaps) network.setPort(dpid, desc.portNo, heldPort(desc));
    else if (port.up && !wasUp) discovery.portUp(ref);
  }

  /** Nothing of it is shown or acted upon; it is only counted. */
  function whileHeld(dpid: Dpid, desc: PortDesc, reason: number): void {
    const key = keyOf(dpid, desc);
    const last = held.get(key)?.desc;
    const stillThere = reason !== OFPPR.DELETE;
    if (last && isUp(last) && (!stillThere || reason === OFPPR.ADD || !isUp(desc))) damper.lost(key);
    if (!stillThere) {
      held.delete(key);
      return;
    }
    held.set(key, { dpid, desc });
    const shown = network.port({ dpid, port: desc.portNo });
    if (shown?.name !== desc.name) network.setPort(dpid, desc.portNo, heldPort(desc));
  }

  function describe(dpid: Dpid, desc: PortDesc, kind: PortKind): Port {
    const key = keyOf(dpid, desc);
    if (!damper.isHeld(key)) return toPort(desc, isUp(desc) ? kind : 'unknown');
    held.set(key, { dpid, desc });
    return heldPort(desc);
  }

  /** True where the loss makes it a port that is held down. */
  function lostIf(lost: boolean, dpid: Dpid, desc: PortDesc): boolean {
    const key = keyOf(dpid, desc);
    if (!lost || !damper.lost(key)) return false;
    if (network.port({ dpid, port: desc.portNo })) held.set(key, { dpid, desc });
    onNotice({
      type: 'port.damped',
      severity: 'warning',
      subject: { port: { dpid, port: desc.portNo } },
      message: `Port ${nameOf(dpid, desc)} is held down until it has been quiet for some seconds: it carries nothing.`,
      cause: `It went down ${damper.losses(key)} times within a short time: is its cable or its far end in trouble?`,
    });
    return true;
  }

  function release(key: string): void {
    const port = held.get(key);
    held.delete(key);
    if (!port) return;
    const { dpid, desc } = port;
    const ref = { dpid, port: desc.portNo };
    if (network.port(ref)?.damped !== true) return;
    network.setPort(dpid, desc.portNo, toPort(desc, 'unknown'));
    if (isUp(desc) && isAttached(dpid)) discovery.portUp(ref);
    onNotice({
      type: 'port.released',
      severity: 'info',
      subject: { port: ref },
      message: `Port ${nameOf(dpid, desc)} is used again${isUp(desc) ? '' : ' once it is up'}.`,
      cause: 'It has been quiet after it went up and down too often.',
    });
  }

  function down(ref: PortRef): void {
    discovery.portDown(ref);
    hosts.portLost(ref);
  }

  function nameOf(dpid: Dpid, { name, portNo }: PortDesc): string {
    return `${name || portNo} of ${network.switch(dpid)?.name ?? dpid}`;
  }
}

function keyOf(dpid: Dpid, { name, portNo }: PortDesc): string {
  return `${dpid}/${name || portNo}`;
}

function heldPort(desc: PortDesc): Port {
  return { ...toPort(desc, 'unknown'), up: false, damped: true };
}
