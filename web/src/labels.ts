/** How things are called on screen, and how quantities are written. */
import type { Network } from './state.ts';
import type { HostInfo, LinkInfo, PortRef, SwitchInfo } from './wire.ts';

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Orders names as people count them: s2 before s10. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b);
}

/** A dpid without its leading zeros, for places too small for 16 digits. */
export function shortDpid(dpid: string): string {
  return dpid.replace(/^0+(?=.)/, '');
}

export function switchLabel(info: SwitchInfo): string {
  return info.name === '' || info.name === info.dpid ? shortDpid(info.dpid) : info.name;
}

/** A switch's label by dpid, also where the switch itself is not known. */
export function switchName(network: Network, dpid: string): string {
  const info = network.switches.get(dpid);
  return info === undefined ? shortDpid(dpid) : switchLabel(info);
}

/** The address that tells most: the last IPv4, or else the last IPv6 that is not link-local, or else any. */
export function hostAddress(host: HostInfo): string | undefined {
  return (
    host.ips.findLast((ip) => !ip.includes(':')) ??
    host.ips.findLast((ip) => !ip.startsWith('fe80:')) ??
    host.ips.at(-1)
  );
}

export function hostLabel(host: HostInfo): string {
  if (host.name !== null && host.name !== undefined && host.name !== '') return host.name;
  return hostAddress(host) ?? host.mac;
}

/** `s2:3`: a port by its switch's label and its number. */
export function portLabel(network: Network, at: PortRef): string {
  return `${switchName(network, at.dpid)}:${at.port}`;
}

export function linkLabel(network: Network, link: LinkInfo): string {
  return `${switchName(network, link.a.dpid)}–${switchName(network, link.b.dpid)}`;
}

export type LinkState = 'up' | 'one-way' | 'down';

export function linkState(link: LinkInfo): LinkState {
  if (!link.up) return 'down';
  return link.bidirectional ? 'up' : 'one-way';
}

/** Shortens in the middle, where names of one family differ least. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil((limit - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (limit - 1 - head))}`;
}

function scaled(value: number, units: readonly string[]): string {
  let rest = value;
  let unit = 0;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = rest >= 100 || Number.isInteger(rest) ? 0 : 1;
  return `${rest.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** A rate; a dash where the switch does not say. */
export function formatBps(bps: number | null): string {
  return bps !== null && bps > 0 ? scaled(bps, ['b/s', 'kb/s', 'Mb/s', 'Gb/s', 'Tb/s']) : '–';
}

/** A rate that was measured, nothing at all included; a dash where it was not. */
export function formatRate(bps: number | null | undefined): string {
  return bps === 0 ? '0 b/s' : formatBps(bps ?? null);
}

export function formatBytes(bytes: number): string {
  return scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB']);
}

const countFormat = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return countFormat.format(count);
}

/** A time span in its two largest units: `3 h 20 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${whole % 60} s`;
  return `${whole} s`;
}

/** Wall-clock time, 24 hours, to the second, of milliseconds since the epoch. */
export function formatClock(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB', { hour12: false });
}

/** A moment as day and time, or a dash where it is not known. */
export function formatMoment(iso: string | null | undefined): string {
  const atMs = iso === null || iso === undefined ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(atMs)) return '–';
  const day = new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `${day}, ${formatClock(atMs)}`;
}

/** `1 switch`, `2 switches`. */
export function countOf(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
