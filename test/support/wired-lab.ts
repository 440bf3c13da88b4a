/** A `WiredNetwork` under a controller of its own, which can be frozen, killed and started again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController } from './controller.ts';
import type { RunningController } from './controller.ts';
import { startPrivateOvs } from './private-ovs.ts';
import type { PrivateOvs } from './private-ovs.ts';
import { items, until } from './rest.ts';
import { dpidOf, HOST_PORT, macOf } from './ring.ts';
import type { Edge } from './small-graphs.ts';
import { WiredNetwork } from './wired-network.ts';

interface LinkEnd {
  readonly dpid: string;
  readonly port: number;
}
interface LinkJson {
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  readonly up: boolean;
  readonly bidirectional: boolean;
}
interface HostJson {
  readonly mac: string;
  readonly switch: string;
}
interface DriftJson {
  readonly name: string;
  readonly connected: boolean;
  readonly counts: { readonly missing: number; readonly changed: number; readonly extra: number };
}
interface SwitchJson {
  readonly name: string;
  readonly ports: readonly { readonly number: number; readonly kind: string }[];
}

export class WiredLab {
  readonly ovs: PrivateOvs;
  readonly network: WiredNetwork;
  readonly #data: string;
  #controller: RunningController;

  private constructor(ovs: PrivateOvs, network: WiredNetwork, controller: RunningController, data: string) {
    this.ovs = ovs;
    this.network = network;
    this.#controller = controller;
    this.#data = data;
  }

  /** Bridges 1 … `size`, their controller, and hosts known at all of them, or at some. */
  static async start(size: number, edges: readonly Edge[], hosts?: readonly number[]): Promise<WiredLab> {
    const data = await mkdtemp(join(tmpdir(), 'signalbox-wired-'));
    const controller = await startController({ data });
    const ovs = await startPrivateOvs();
    const target = `tcp:127.0.0.1:${controller.openflowPort}`;
    const network = await WiredNetwork.build(ovs, { size, edges, controller: target });
    const lab = new WiredLab(ovs, network, controller, data);
    await lab.settled();
    const speaking = hosts ?? network.bridges;
    for (const index of speaking) network.speak(index);
    await until(
      async () => (await items(lab.baseUrl, '/hosts')).length,
      (count) => count === speaking.length,
    );
    await lab.settled();
    return lab;
  }

  get baseUrl(): string {
    return this.#controller.baseUrl;
  }

  /** The controller does nothing until `thaw`, and nobody is told. */
  freeze(): void {
    process.kill(this.#controller.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.#controller.pid, 'SIGCONT');
  }

  async killController(): Promise<void> {
    await this.#controller.kill();
  }

  /** On the ports and with the data of the one that was killed. */
  async restartController(): Promise<void> {
    const args = ['--openflow', `127.0.0.1:${this.#controller.openflowPort}`];
    this.#controller = await startController({ data: this.#data, args });
  }

  /** The controller sees the network as it is, and every switch holds what it shall and goes by it. */
  async settled(): Promise<void> {
    await until(
      () => this.#unsettled(),
      (open) => open.length === 0,
    );
    // A switch confirms a rule before it has looked through what it cached of those before. Waiting for that takes half a second.
    await this.ovs.appctl('revalidator/purge');
  }

  async #unsettled(): Promise<readonly string[]> {
    const wanted = new Set(this.network.cables.filter((cable) => this.network.isUp(cable)).map(nameOf));
    const links = await items<LinkJson>(this.baseUrl, '/links');
    const seen = new Set(links.filter(({ up, bidirectional }) => up && bidirectional).map(linkName));
    const missing = [...wanted].filter((name) => !seen.has(name));
    const extra = [...seen].filter((name) => !wanted.has(name));
    if (missing.length > 0 || extra.length > 0) return [`links missing: ${missing.join()}; too many: ${extra.join()}`];
    const switches = await items<SwitchJson>(this.baseUrl, '/switches');
    const unknown = switches.filter(({ ports }) => ports.find(({ number }) => number === HOST_PORT)?.kind !== 'host');
    if (switches.length < this.network.bridges.length || unknown.length > 0) {
      return [`${switches.length} switches, host ports unknown: ${unknown.map(({ name }) => name).join()}`];
    }
    const hosts = await items<HostJson>(this.baseUrl, '/hosts');
    const elsewhere = hosts.filter((host) => {
      const index = Number.parseInt(host.mac.replaceAll(':', ''), 16) - macOf(0);
      return host.switch !== dpidOf(this.network.at(index));
    });
    if (elsewhere.length > 0) return elsewhere.map(({ mac, switch: dpid }) => `${mac} is seen at ${dpid}`);
    const drift = await items<DriftJson>(this.baseUrl, '/drift?limit=0');
    return drift
      .filter(({ connected, counts }) => !connected || counts.missing + counts.changed + counts.extra > 0)
      .map(({ name, counts }) => `${name} ${JSON.stringify(counts)}`);
  }

  async stop(): Promise<void> {
    this.network.close();
    await this.#controller.kill();
    await this.ovs.dispose();
    await rm(this.#data, { recursive: true, force: true });
  }
}

function nameOf({ a, b, aPort, bPort }: { a: number; b: number; aPort: number; bPort: number }): string {
  return linkName({ a: { dpid: dpidOf(a), port: aPort }, b: { dpid: dpidOf(b), port: bPort } });
}

function linkName({ a, b }: { readonly a: LinkEnd; readonly b: LinkEnd }): string {
  return [a, b]
    .map(({ dpid, port }) => `${dpid}:${port}`)
    .sort()
    .join(' - ');
}
