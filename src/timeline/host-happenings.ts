/** What happened to hosts. */
import { formatMac } from '../core/addresses.ts';
import { samePort } from '../core/ids.ts';
import type { ViewUpdate } from '../topology/network.ts';
import type { Host, NetworkView } from '../topology/view.ts';
import type { Happening } from './entry.ts';
import { aboutHost, hostName, portName, switchName } from './subjects.ts';

export function hostHappenings({ view, previous, change }: ViewUpdate): Happening[] {
  const found: Happening[] = [];
  for (const mac of change.hosts) {
    const before = previous.hosts.get(mac);
    const now = view.hosts.get(mac);
    if (!now) {
      if (before) found.push(forgotten(view, previous, before));
      continue;
    }
    if (!before) found.push(seen(view, now));
    else if (!samePort(before.at, now.at)) found.push(moved(view, before, now));
    if (before && before.name !== now.name) found.push(renamed(before, now));
  }
  return found;
}

function seen(view: NetworkView, host: Host): Happening {
  const at = portName(view, host.at);
  const subject = aboutHost(host);
  const session = view.switches.get(host.at.dpid)?.connectedSince ?? 0;
  // Hosts are remembered over restarts: such a one was first seen before its switch's session began.
  if (host.firstSeen < session) {
    const message = `Host ${called(host)} is known from before at ${at}.`;
    return { type: 'host.seen', subject, message, cause: 'It is remembered, and its switch lived on.' };
  }
  const message = `Host ${called(host)} was seen at ${at}.`;
  return { type: 'host.seen', subject, message, cause: 'It sent a frame.' };
}

function moved(view: NetworkView, before: Host, now: Host): Happening {
  const message = `Host ${hostName(now)} moved from ${portName(view, before.at)} to ${portName(view, now.at)}.`;
  return {
    type: 'host.moved',
    subject: aboutHost(now),
    message,
    cause: `It sent a frame at ${portName(view, now.at)}.`,
  };
}

function renamed(before: Host, now: Host): Happening {
  const is = now.name === undefined ? 'has no name any more' : `is called ${now.name} now`;
  const message = `Host ${called(before)} ${is}.`;
  return { type: 'host.renamed', subject: aboutHost(now), message, cause: 'A request said so.' };
}

function forgotten(view: NetworkView, previous: NetworkView, host: Host): Happening {
  const message = `Host ${called(host)} at ${portName(previous, host.at)} is known no longer.`;
  return { type: 'host.forgotten', subject: aboutHost(host), message, cause: whyForgotten(view, previous, host) };
}

function whyForgotten(view: NetworkView, previous: NetworkView, { at }: Host): string {
  const owner = view.switches.get(at.dpid);
  if (!owner) return `Switch ${switchName(previous, at.dpid)} is gone.`;
  const port = owner.ports.get(at.port);
  if (!port) return `Port ${portName(view, at)} was removed.`;
  if (!port.up) return `Port ${portName(view, at)} went down.`;
  if (port.kind === 'fabric') return `Port ${portName(view, at)} leads to a switch.`;
  if (port.kind === 'unknown') return `What port ${portName(view, at)} leads to is found anew.`;
  return 'It was silent for long.';
}

/** With its MAC where its name does not tell it. */
function called(host: Host): string {
  const name = hostName(host);
  const mac = formatMac(host.mac);
  return name === mac ? mac : `${name} (${mac})`;
}
