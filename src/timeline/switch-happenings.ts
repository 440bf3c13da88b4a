/** What happened to switches and their ports. */
import type { ViewUpdate } from '../topology/network.ts';
import type { NetworkView, Switch } from '../topology/view.ts';
import type { EntryType, Happening } from './entry.ts';
import { aboutPort, aboutSwitch, portName } from './subjects.ts';

export function switchHappenings({ view, previous, change }: ViewUpdate): Happening[] {
  const found: Happening[] = [];
  for (const dpid of change.switches) {
    const before = previous.switches.get(dpid);
    const now = view.switches.get(dpid);
    if (!now) {
      if (before) found.push(forgotten(before));
      continue;
    }
    const session = sessionHappening(before, now);
    if (session) found.push(session);
    if (before && now.away && !before.away) found.push(away(now));
    if (before) found.push(...portHappenings(view, before, now));
  }
  return found;
}

/** A switch that is known from before a restart and not there yet is no happening. */
function sessionHappening(before: Switch | undefined, now: Switch): Happening | undefined {
  const subject = aboutSwitch(now);
  if (now.connected && (!before?.connected || before.connectedSince !== now.connectedSince)) {
    const message = `Switch ${now.name} connected${before ? ' again' : ''}.`;
    return { type: 'switch.connected', subject, message, cause: `A session from ${now.remoteAddress} began.` };
  }
  if (now.connected || !before?.connected) return undefined;
  const message = `Switch ${now.name} lost its connection; its tables forward on.`;
  return { type: 'switch.disconnected', subject, message, cause: `Its session from ${now.remoteAddress} ended.` };
}

function away(now: Switch): Happening {
  const message = `Switch ${now.name} counts as away: traffic is led around it where there is another way.`;
  return { type: 'switch.away', subject: aboutSwitch(now), message, cause: 'It has had no session for too long.' };
}

function forgotten(before: Switch): Happening {
  const message = `Switch ${before.name} counts as a part of the network no longer.`;
  const cause = before.connected ? undefined : 'It has had no session for long, and nothing connected leads to it.';
  return { type: 'switch.forgotten', subject: aboutSwitch(before), message, cause };
}

function portHappenings(view: NetworkView, before: Switch, now: Switch): Happening[] {
  if (before.ports === now.ports) return [];
  const found: Happening[] = [];
  const cause = before.connectedSince === now.connectedSince ? undefined : 'Found so when the switch connected.';
  const tell = (type: EntryType, port: number, what: string): void => {
    const ref = { dpid: now.dpid, port };
    const message = `Port ${portName(view, ref)} ${what}.`;
    found.push({ type, subject: aboutPort(view, ref), message, cause });
  };
  for (const { number, up, name } of now.ports.values()) {
    const was = before.ports.get(number);
    if (!was) tell('port.added', number, `(${name}) was added, ${up ? 'up' : 'down'}`);
    else if (was.up !== up) tell(up ? 'port.up' : 'port.down', number, `went ${up ? 'up' : 'down'}`);
  }
  for (const { number, name } of before.ports.values()) {
    if (!now.ports.has(number)) tell('port.removed', number, `(${name}) was removed`);
  }
  return found;
}
