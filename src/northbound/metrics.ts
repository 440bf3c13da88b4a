/** What Prometheus may scrape: the process, the network as the view has it, reconciling, traffic, conversations, requests and stream clients. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { addReactiveMetrics } from './reactive-metrics.ts';
import { addReconcileMetrics } from './reconcile-metrics.ts';
import type { Services } from './services.ts';
import { addTrafficMetrics } from './traffic-metrics.ts';

export interface Metrics {
  /** Seconds from a request's route to the end of its answer. */
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  streamReaderCut(): void;
  contentType: string;
  text(): Promise<string>;
  /** Stops counting. */
  close(): void;
}

export interface MetricsOptions {
  readonly services: Services;
  readonly streamClients: () => number;
}

/** Metrics with a registry of their own, so that several controllers can run in one process. */
export function createMetrics({ services, streamClients }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addNetworkGauges(registry, services);
  const stop = addReconcileMetrics(registry, services);
  addTrafficMetrics(registry, services);
  addReactiveMetrics(registry, services);

  const gauge: Gauge = new Gauge({
    name: 'signalbox_stream_clients',
    help: 'WebSocket clients of the stream',
    registers,
    collect: () => gauge.set(streamClients()),
  });
  const cut = new Counter({
    name: 'signalbox_stream_readers_cut_total',
    help: 'Stream clients cut because they read too slowly',
    registers,
  });
  const requests = new Histogram({
    name: 'signalbox_http_request_duration_seconds',
    help: 'Time to answer a request, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });

  return {
    observeRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    streamReaderCut: () => cut.inc(),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: stop,
  };
}

/** Read from the view at each scrape: nothing is kept up to date in between. */
function addNetworkGauges(registry: Registry, services: Services): void {
  const registers = [registry];
  const simple: Readonly<Record<string, readonly [help: string, value: () => number]>> = {
    signalbox_ready: ['1 once the controller is ready', () => Number(services.ready())],
    signalbox_start_time_seconds: ['When the controller started, Unix time', () => services.startedAt / 1000],
    signalbox_view_version: ['Number of the network view', () => services.view().version],
    signalbox_switches: ['Switches known', () => services.view().switches.size],
    signalbox_links: ['Links between switches', () => services.view().links.size],
    signalbox_links_bidirectional: ['Links that carry traffic', () => countBidirectional(services)],
    signalbox_hosts: ['Hosts seen', () => services.view().hosts.size],
  };
  for (const [name, [help, value]] of Object.entries(simple)) {
    const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value()) });
  }
  const build = new Gauge({
    name: 'signalbox_build_info',
    help: 'Always 1; the version is in the label',
    labelNames: ['version'],
    registers,
  });
  build.set({ version: services.version }, 1);
  addSwitchGauges(registry, services);
}

function addSwitchGauges(registry: Registry, services: Services): void {
  const registers = [registry];
  const connected = new Gauge({
    name: 'signalbox_switch_connected',
    help: '1 while a switch has a session',
    labelNames: ['dpid', 'name'],
    registers,
    collect: () => {
      connected.reset();
      for (const { dpid, name, connected: up } of services.view().switches.values()) {
        connected.set({ dpid, name }, Number(up));
      }
    },
  });
  const ports = new Gauge({
    name: 'signalbox_ports',
    help: 'Ports by what they lead to and whether they are up',
    labelNames: ['kind', 'up'],
    registers,
    collect: () => {
      ports.reset();
      for (const sw of services.view().switches.values()) {
        for (const { kind, up } of sw.ports.values()) ports.inc({ kind, up: String(up) });
      }
    },
  });
}

function countBidirectional(services: Services): number {
  let count = 0;
  for (const link of services.view().links.values()) count += Number(link.bidirectional);
  return count;
}
