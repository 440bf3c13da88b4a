/** Changes told in words, for the event log. */
import { countOf, hostAddress, hostLabel, linkLabel, linkState, portLabel, switchLabel, switchName } from './labels.ts';
import type { Network } from './state.ts';
import type { HostInfo, LinkInfo, StreamEvent, SwitchInfo } from './wire.ts';

/** How a line of the log looks: `good` came or came back, `bad` is gone or broken, `note` is neither. */
export type Tone = 'good' | 'bad' | 'note';

export interface Words {
  readonly tone: Tone;
  readonly text: string;
}

/** One message may hold a whole network; more lines than these say no more. */
export const LINES_PER_MESSAGE = 20;

/** Tells what the events of one message meant, given the network before and after it. */
export function describe(before: Network, after: Network, events: readonly StreamEvent[]): readonly Words[] {
  const lines = events.flatMap((event) => describeEvent(before, after, event));
  if (lines.length <= LINES_PER_MESSAGE) return lines;
  const rest = lines.length - LINES_PER_MESSAGE;
  const more: Words = { tone: 'note', text: `and ${countOf(rest, 'more change', 'more changes')}` };
  return [...lines.slice(0, LINES_PER_MESSAGE), more];
}

function describeEvent(before: Network, after: Network, event: StreamEvent): readonly Words[] {
  switch (event.type) {
    case 'switch':
      return describeSwitch(before.switches.get(event.switch.dpid), event.switch);
    case 'switch-removed':
      return [bad(`switch ${switchName(before, event.dpid)} gone`)];
    case 'link':
      return describeLink(after, before.links.get(event.link.id), event.link);
    case 'link-removed': {
      const link = before.links.get(event.id);
      return link === undefined ? [] : [bad(`link ${linkLabel(before, link)} gone`)];
    }
    case 'host':
      return describeHost(after, before.hosts.get(event.host.mac), event.host);
    case 'host-removed': {
      const host = before.hosts.get(event.mac);
      return host === undefined ? [] : [bad(`host ${hostLabel(host)} gone`)];
    }
    default:
      return [];
  }
}

function describeSwitch(old: SwitchInfo | undefined, now: SwitchInfo): readonly Words[] {
  const name = switchLabel(now);
  if (old === undefined) {
    return now.connected ? [good(`switch ${name} connected`)] : [note(`switch ${name} known, not connected`)];
  }
  const lines: Words[] = [];
  if (old.connected && !now.connected) lines.push(bad(`switch ${name} lost its connection`));
  if (!old.connected && now.connected) lines.push(good(`switch ${name} is back`));
  if (switchLabel(old) !== name) lines.push(note(`switch ${switchLabel(old)} is now called ${name}`));
  const ports = new Map(old.ports.map((port) => [port.number, port]));
  for (const port of now.ports) {
    const was = ports.get(port.number);
    ports.delete(port.number);
    if (was === undefined) lines.push(note(`port ${name}:${port.number} added`));
    else if (was.up && !port.up) lines.push(bad(`port ${name}:${port.number} down`));
    else if (!was.up && port.up) lines.push(good(`port ${name}:${port.number} up`));
  }
  for (const port of ports.values()) lines.push(bad(`port ${name}:${port.number} removed`));
  return lines;
}

function describeLink(network: Network, old: LinkInfo | undefined, now: LinkInfo): readonly Words[] {
  const name = linkLabel(network, now);
  const state = linkState(now);
  if (old !== undefined && linkState(old) === state) return [];
  if (state === 'down') return [bad(`link ${name} down`)];
  if (state === 'one-way') return [bad(`link ${name} seen one way only`)];
  return [good(old === undefined ? `link ${name} found` : `link ${name} up`)];
}

function describeHost(network: Network, old: HostInfo | undefined, now: HostInfo): readonly Words[] {
  const at = portLabel(network, { dpid: now.switch, port: now.port });
  if (old === undefined) {
    const address = hostAddress(now);
    const known = address !== undefined && address !== hostLabel(now) ? ` (${address})` : '';
    return [good(`host ${hostLabel(now)}${known} seen at ${at}`)];
  }
  const lines: Words[] = [];
  if (old.switch !== now.switch || old.port !== now.port) lines.push(note(`host ${hostLabel(now)} moved to ${at}`));
  if ((old.name ?? '') !== (now.name ?? '')) lines.push(note(`host ${hostLabel(old)} is now called ${hostLabel(now)}`));
  const fresh = now.ips.filter((ip) => !old.ips.includes(ip));
  const lost = old.ips.filter((ip) => !now.ips.includes(ip));
  if (fresh.length > 0) lines.push(note(`host ${hostLabel(old)} also has ${fresh.join(', ')}`));
  if (lost.length > 0) lines.push(note(`host ${hostLabel(now)} no longer has ${lost.join(', ')}`));
  return lines;
}

function good(text: string): Words {
  return { tone: 'good', text };
}

function bad(text: string): Words {
  return { tone: 'bad', text };
}

function note(text: string): Words {
  return { tone: 'note', text };
}
