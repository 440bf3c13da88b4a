/** What flows now: taken whole from each message of the topic `stats`, and put into words and levels. */
import type { Network } from './state.ts';
import { formatRate } from './labels.ts';
import type { HostInfo, LinkInfo, LinkRates, PortRates, PortRef, StatsMessage } from './wire.ts';

export interface Traffic {
  /** By the link's id. */
  readonly links: ReadonlyMap<string, LinkRates>;
  /** Of ports that lead to hosts, by `portKey`. */
  readonly ports: ReadonlyMap<string, PortRates>;
}

export const NO_TRAFFIC: Traffic = { links: new Map(), ports: new Map() };

/** How busy a line is drawn: 0 for idle up to 4 for full. */
export type Level = 0 | 1 | 2 | 3 | 4;

/** A line below both is idle: probes and other small talk are no traffic. */
const IDLE_BPS = 20_000;
const IDLE_PART = 0.01;
/** Parts of the capacity from which the levels 2, 3 and 4 begin. */
export const LEVELS_FROM: readonly [number, number, number] = [0.1, 0.4, 0.75];

export function portKey({ dpid, port }: PortRef): string {
  return `${dpid}:${port}`;
}

export function trafficOf({ links, ports }: StatsMessage): Traffic {
  return {
    links: new Map(links.map((link) => [link.id, link])),
    ports: new Map(ports.map((port) => [portKey(port), port])),
  };
}

export function hostRates(traffic: Traffic, host: HostInfo): PortRates | undefined {
  return traffic.ports.get(portKey({ dpid: host.switch, port: host.port }));
}

/** The busier of two directions, bits per second; 0 where nothing is known. */
export function busierBps(one: number | null | undefined, other: number | null | undefined): number {
  return Math.max(one ?? 0, other ?? 0);
}

/** @param part of the capacity; null where that is not known: then any traffic is a little */
export function levelOf(bps: number, part: number | null): Level {
  if (bps < IDLE_BPS && (part ?? 0) < IDLE_PART) return 0;
  if (part === null || part < LEVELS_FROM[0]) return 1;
  if (part < LEVELS_FROM[1]) return 2;
  return part < LEVELS_FROM[2] ? 3 : 4;
}

export function linkLevel(traffic: Traffic, link: LinkInfo): Level {
  const rates = traffic.links.get(link.id);
  return levelOf(busierBps(rates?.aToBBps, rates?.bToABps), rates?.utilization ?? null);
}

export function hostLevel(network: Network, traffic: Traffic, host: HostInfo): Level {
  const rates = hostRates(traffic, host);
  if (rates === undefined) return 0;
  const port = network.switches.get(host.switch)?.ports.find(({ number }) => number === host.port);
  const bps = busierBps(rates.rxBps, rates.txBps);
  return levelOf(bps, port?.speedBps ? bps / port.speedBps : null);
}

/** The links that carry most for what they can, busiest first; idle ones are none of them. */
export function busiest(network: Network, traffic: Traffic, most: number): readonly LinkInfo[] {
  const busy = [...network.links.values()].filter((link) => linkLevel(traffic, link) > 0);
  const part = ({ id }: LinkInfo): number => traffic.links.get(id)?.utilization ?? 0;
  const bps = ({ id }: LinkInfo): number => {
    const rates = traffic.links.get(id);
    return busierBps(rates?.aToBBps, rates?.bToABps);
  };
  return busy.sort((x, y) => part(y) - part(x) || bps(y) - bps(x)).slice(0, most);
}

/** `12 Mb/s`, or with the part of the capacity where that says something: `8 Gb/s, 80 %`. */
export function loadText(rates: LinkRates | undefined): string {
  if (rates === undefined || (rates.aToBBps === null && rates.bToABps === null)) return '–';
  const bps = formatRate(busierBps(rates.aToBBps, rates.bToABps));
  const { utilization } = rates;
  return utilization === null || utilization < IDLE_PART ? bps : `${bps}, ${formatPart(utilization)}`;
}

export function formatPart(part: number): string {
  const percent = part * 100;
  return `${percent > 0 && percent < 1 ? '<1' : percent.toFixed(0)} %`;
}
