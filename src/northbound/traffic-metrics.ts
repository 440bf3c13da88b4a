/** What Prometheus may know of traffic: port counters, rates of links, and how the polls go. Read at each scrape. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { PortCounters } from '../topology/traffic/counters.ts';
import { NOT_COUNTED } from '../topology/traffic/counters.ts';
import { linkState } from './json/link.ts';
import { linkRatesToJson } from './json/rates.ts';
import type { Services } from './services.ts';

const BITS_PER_BYTE = 8;
/** Each port is six lines of every scrape. Those of the lowest dpids are told; a gauge says how many are not. */
const MAX_PORTS = 1_000;
/** Each link is three lines. */
const MAX_LINKS = 1_000;

const PORT_COUNTERS: Readonly<
  Record<string, readonly [help: string, of: Exclude<keyof PortCounters, 'port' | 'livedMs'>]>
> = {
  signalbox_port_receive_bytes_total: ['Bytes received on a port', 'rxBytes'],
  signalbox_port_transmit_bytes_total: ['Bytes sent from a port', 'txBytes'],
  signalbox_port_receive_packets_total: ['Packets received on a port', 'rxPackets'],
  signalbox_port_transmit_packets_total: ['Packets sent from a port', 'txPackets'],
  signalbox_port_receive_drop_total: ['Packets received on a port and dropped', 'rxDropped'],
  signalbox_port_transmit_drop_total: ['Packets dropped before they were sent from a port', 'txDropped'],
};

interface PortSeries {
  readonly labels: { readonly dpid: string; readonly switch: string; readonly port: string };
  readonly counters: PortCounters;
}

export function addTrafficMetrics(registry: Registry, services: Services): void {
  const registers = [registry];
  // The first of the metrics here: what it collects is there when the others are read.
  const leftOut: Gauge = new Gauge({
    name: 'signalbox_traffic_left_out',
    help: `Ports and links without metrics of their own: no more than ${MAX_PORTS} ports and ${MAX_LINKS} links have them`,
    labelNames: ['kind'],
    registers,
    collect: () => {
      leftOut.set({ kind: 'port' }, collectPorts(services));
      leftOut.set({ kind: 'link' }, collectLinks(services));
    },
  });
  const collectPorts = portCounters(registers);
  const collectLinks = linkGauges(registers);
  const polls: Counter = new Counter({
    name: 'signalbox_port_polls_total',
    help: 'Readings of port counters: answered by the switch, failed, or deferred since it had much to read',
    labelNames: ['outcome'],
    registers,
    collect: () => {
      polls.reset();
      for (const [outcome, count] of Object.entries(services.traffic.polls)) polls.inc({ outcome }, count);
    },
  });
}

/** Takes up what was counted, and answers how many things it left out. */
type Collect = (services: Services) => number;

function portCounters(registers: Registry[]): Collect {
  const labelNames = ['dpid', 'switch', 'port'];
  const families = Object.entries(PORT_COUNTERS).map(([name, [help, of]]) => ({
    of,
    counter: new Counter({ name, help, labelNames, registers }),
  }));
  return (services) => {
    const { told, leftOut } = portsTold(services);
    for (const { counter, of } of families) {
      counter.reset();
      for (const { labels, counters } of told) {
        if (counters[of] !== NOT_COUNTED) counter.inc(labels, Number(counters[of]));
      }
    }
    return leftOut;
  };
}

function linkGauges(registers: Registry[]): Collect {
  const throughput = new Gauge({
    name: 'signalbox_link_throughput_bytes_per_second',
    help: 'What flows over a link in one direction, over the last readings',
    labelNames: ['link', 'from'],
    registers,
  });
  const utilization = new Gauge({
    name: 'signalbox_link_utilization_ratio',
    help: 'The busier direction of a link as a part of its capacity, 1 being full',
    labelNames: ['link'],
    registers,
  });
  return ({ view, traffic }) => {
    throughput.reset();
    utilization.reset();
    const now = view();
    const ids = [...now.links.keys()].sort();
    for (const id of ids.slice(0, MAX_LINKS)) {
      const link = now.links.get(id)!;
      const rates = linkRatesToJson(traffic.linkRates(link), linkState(now, link).capacityBps);
      if (rates.aToBBps !== null) throughput.set({ link: id, from: link.a.dpid }, rates.aToBBps / BITS_PER_BYTE);
      if (rates.bToABps !== null) throughput.set({ link: id, from: link.b.dpid }, rates.bToABps / BITS_PER_BYTE);
      if (rates.utilization !== null) utilization.set({ link: id }, rates.utilization);
    }
    return Math.max(0, ids.length - MAX_LINKS);
  };
}

/** The ports of the view that were counted lately, in order, as many as have series. */
function portsTold({ view, traffic }: Services): { told: readonly PortSeries[]; leftOut: number } {
  const told: PortSeries[] = [];
  let leftOut = 0;
  const { switches } = view();
  for (const dpid of [...switches.keys()].sort()) {
    const { name, ports } = switches.get(dpid)!;
    for (const counters of traffic.counters(dpid)) {
      if (!ports.has(counters.port)) continue;
      if (told.length >= MAX_PORTS) leftOut++;
      else told.push({ labels: { dpid, switch: name, port: String(counters.port) }, counters });
    }
  }
  return { told, leftOut };
}
