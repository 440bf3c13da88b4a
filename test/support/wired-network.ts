/**
 * Private bridges s1 … sN with a host each, joined by cables that can be cut, and a record of every numbered frame: which way it
 * went, and at which hosts it came out.
 */
import { join } from 'node:path';
import { openPlug } from './plugs.ts';
import type { Plug } from './plugs.ts';
import type { PrivateOvs } from './private-ovs.ts';
import { arpRequest, dpidOf, HOST_PORT } from './ring.ts';
import { numberedSegment, numberOf } from './numbered-segments.ts';
import type { Addressed } from './numbered-segments.ts';
import { openUnixctl } from './unixctl.ts';
import type { Unixctl } from './unixctl.ts';

/** A cable between two bridges, by number; with the port at each. */
export interface Cable {
  readonly a: number;
  readonly b: number;
  readonly aPort: number;
  readonly bPort: number;
}

/** Fabric ports have numbers from here on; below is HOST_PORT. */
const FIRST_FABRIC_PORT = 11;
/** Requests that the daemon answers one in each turn of its loop: what it was told is done after so many. */
const TURNS = 8;
/** To see a moment in which nothing is on its way. */
const LOOKS = 100;
/** Turns in which something moved, before it is said that nothing comes to rest. */
const MAX_ROUNDS = 2_000;

interface Counted {
  readonly taken: number;
  readonly sent: number;
}

/** What became of one numbered frame. */
export interface Journey extends Addressed {
  /** Cables in their direction, such as 's1>s2', in order. */
  readonly way: string[];
  /** The port that each of them begins at. */
  readonly ports: number[];
  /** When it crossed each of them, in milliseconds. */
  readonly times: number[];
  /** Bridges at whose host ports it came out, each as often as it did. */
  readonly hosts: number[];
}

export interface WiredOptions {
  /** Bridges 1 … `size`. */
  readonly size: number;
  readonly edges: readonly (readonly [number, number])[];
  /** Such as `tcp:127.0.0.1:6653`. */
  readonly controller: string;
}

/** Cables for edges between bridges: ports are given out in order. */
export function cablesOf(edges: readonly (readonly [number, number])[]): Cable[] {
  const next = new Map<number, number>();
  const portAt = (index: number): number => {
    const port = next.get(index) ?? FIRST_FABRIC_PORT;
    next.set(index, port + 1);
    return port;
  };
  return edges.map(([a, b]) => ({ a, b, aPort: portAt(a), bPort: portAt(b) }));
}

export class WiredNetwork {
  readonly cables: readonly Cable[];
  readonly bridges: readonly number[];
  /** Told each frame that comes out at a bridge's host port. */
  onHeard: (bridge: number, frame: Buffer) => void = () => {};
  readonly #ovs: PrivateOvs;
  readonly #target: string;
  readonly #plugs = new Map<string, Plug>();
  readonly #down = new Set<Cable>();
  readonly #moved = new Map<number, number>();
  readonly #journeys = new Map<number, Journey>();
  #control!: Unixctl;
  /** Frames handed to the daemon, and those that came from it. */
  #given = 0;
  #got = 0;
  #counted: Counted = { taken: 0, sent: 0 };
  #sent = 0;

  private constructor(ovs: PrivateOvs, size: number, cables: readonly Cable[], target: string) {
    this.#ovs = ovs;
    this.#target = target;
    this.cables = cables;
    this.bridges = Array.from({ length: size }, (_, index) => index + 1);
  }

  static async build(ovs: PrivateOvs, { size, edges, controller }: WiredOptions): Promise<WiredNetwork> {
    const network = new WiredNetwork(ovs, size, cablesOf(edges), controller);
    network.#control = await openUnixctl(join(ovs.dir, 'vswitchd.ctl'));
    for (const index of network.bridges)
      await network.#plug(index, HOST_PORT, (frame) => {
        network.#journeyOf(frame)?.hosts.push(index);
        network.onHeard(index, frame);
      });
    for (const cable of network.cables) await network.#lay(cable);
    await ovs.vsctl(...network.bridges.flatMap((index) => network.#bridgeCommands(index)).slice(0, -1));
    return network;
  }

  /** Deletes a bridge and makes it anew: its tables are empty then. */
  async remake(index: number): Promise<void> {
    await this.#ovs.vsctl('del-br', `s${index}`);
    await this.#ovs.vsctl(...this.#bridgeCommands(index).slice(0, -1));
    for (const cable of this.#down) await this.#setPorts([cable], 'down');
  }

  /** Frames are lost on these cables, and both their ends say that the link is down. */
  async cut(cables: readonly Cable[]): Promise<void> {
    for (const cable of cables) this.#down.add(cable);
    await this.#setPorts(cables, 'down');
    await this.#noticed();
  }

  async restore(cables: readonly Cable[]): Promise<void> {
    for (const cable of cables) this.#down.delete(cable);
    await this.#setPorts(cables, 'up');
    await this.#noticed();
  }

  isUp(cable: Cable): boolean {
    return !this.#down.has(cable);
  }

  /** A host asks for an address that nobody has: all hear of it. */
  speak(host: number): void {
    this.inject(host, Buffer.from(arpRequest(host), 'hex'));
  }

  /** The bridge that a host is at. */
  at(host: number): number {
    return this.#moved.get(host) ?? host;
  }

  /** A host is at the host port of another bridge from now on, and says so. */
  move(host: number, bridge: number): void {
    this.#moved.set(host, bridge);
    this.speak(host);
  }

  /** A host sends any frame. */
  inject(host: number, frame: Buffer): void {
    this.#give(plugName(this.at(host), HOST_PORT), frame);
  }

  /** A host sends a numbered frame; what is answered goes on to tell what becomes of it. */
  send(addressed: Addressed): Journey {
    const id = ++this.#sent;
    const journey = { ...addressed, way: [], ports: [], times: [], hosts: [] };
    this.#journeys.set(id, journey);
    this.inject(addressed.from, numberedSegment(addressed, id));
    return journey;
  }

  /**
   * Settles when no frame is on its way any more: the daemon counts as many taken in and sent out as were handed over here. What
   * it takes in it has dealt with before it answers.
   */
  async atRest(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const { taken, sent } = await this.#open();
      if (taken === this.#counted.taken && sent === this.#counted.sent) return;
    }
    throw new Error(
      `Frames are still on their way after ${MAX_ROUNDS} turns: they circle, or one was lost on a socket`,
    );
  }

  /**
   * Whenever ports were made anew, whose counts began again: what is not counted is no longer waited for. Probes are on their way
   * all along, so that the least of many looks counts.
   */
  async calibrate(): Promise<void> {
    let least = await this.#open();
    for (let look = 0; look < LOOKS; look++) {
      await this.#control.run('version');
      const { taken, sent } = await this.#open();
      least = { taken: Math.min(taken, least.taken), sent: Math.min(sent, least.sent) };
    }
    this.#counted = least;
  }

  /** Frames handed to the daemon that it has not taken in, and those that it sent and that did not arrive here. */
  async #open(): Promise<Counted> {
    const text = await this.#control.run('dpctl/show', '-s');
    const sum = (pattern: RegExp): number => [...text.matchAll(pattern)].reduce((all, [, n]) => all + Number(n), 0);
    return { taken: this.#given - sum(/RX packets:(\d+)/g), sent: sum(/TX packets:(\d+)/g) - this.#got };
  }

  /** The numbered frames that went over a cable twice in one direction, or came to a host twice; all others are forgotten. */
  takeRepeated(): string[] {
    const repeated: string[] = [];
    for (const { from, to, way, times, hosts } of this.#journeys.values()) {
      const twice = new Set(way).size < way.length || new Set(hosts).size < hosts.length;
      const timed = way.map((name, index) => `${name} +${Math.round(times[index]! - times[0]!)}`);
      if (twice) repeated.push(`from s${from} to ${to}: ${timed.join(', ')} ms, came out at ${hosts.join()}`);
    }
    this.#journeys.clear();
    return repeated;
  }

  close(): void {
    for (const plug of this.#plugs.values()) plug.close();
    this.#control.close();
  }

  async #plug(index: number, port: number, receive: (frame: Buffer) => void): Promise<void> {
    const name = plugName(index, port);
    const count = (frame: Buffer): void => {
      this.#got++;
      receive(frame);
    };
    this.#plugs.set(name, await openPlug(join(this.#ovs.dir, `${name}.plug`), count));
  }

  async #lay(cable: Cable): Promise<void> {
    const { a, b, aPort, bPort } = cable;
    const pass = (name: string, port: number, to: string) => (frame: Buffer) => {
      if (this.#down.has(cable)) return;
      const journey = this.#journeyOf(frame);
      journey?.way.push(name);
      journey?.ports.push(port);
      journey?.times.push(performance.now());
      this.#give(to, frame);
    };
    await this.#plug(a, aPort, pass(`s${a}>s${b}`, aPort, plugName(b, bPort)));
    await this.#plug(b, bPort, pass(`s${b}>s${a}`, bPort, plugName(a, aPort)));
  }

  #journeyOf(frame: Buffer): Journey | undefined {
    const id = numberOf(frame);
    return id === undefined ? undefined : this.#journeys.get(id);
  }

  #give(plug: string, frame: Buffer): void {
    if (this.#plugs.get(plug)!.send(frame)) this.#given++;
  }

  async #setPorts(cables: readonly Cable[], state: 'up' | 'down'): Promise<void> {
    for (const { a, b, aPort, bPort } of cables) {
      for (const name of [plugName(a, aPort), plugName(b, bPort)]) {
        await this.#control.run('netdev-dummy/set-admin-state', name, state);
      }
    }
  }

  /** The daemon has seen what changed, and what it had cached of its tables is computed anew. */
  async #noticed(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await this.#control.run('version');
    await this.#control.run('revalidator/wait');
  }

  #bridgeCommands(index: number): string[] {
    const name = `s${index}`;
    const bridge = ['datapath_type=dummy', 'protocols=OpenFlow13', 'fail_mode=secure'];
    const commands = ['add-br', name, '--', 'set', 'bridge', name, ...bridge];
    // In-band control would look for a way to the controller over these ports, again and again.
    commands.push('other_config:disable-in-band=true', `other_config:datapath-id=${dpidOf(index)}`);
    commands.push('--', 'set-controller', name, this.#target, '--');
    const ports = this.cables.flatMap(({ a, b, aPort, bPort }) => [
      ...(a === index ? [aPort] : []),
      ...(b === index ? [bPort] : []),
    ]);
    for (const port of [HOST_PORT, ...ports]) {
      const plug = plugName(index, port);
      commands.push('add-port', name, plug, '--', 'set', 'interface', plug, 'type=dummy', `ofport_request=${port}`);
      commands.push(`options:stream="unix:${this.#plugs.get(plug)!.path}"`, '--');
    }
    return commands;
  }
}

function plugName(index: number, port: number): string {
  return `s${index}-${port}`;
}
