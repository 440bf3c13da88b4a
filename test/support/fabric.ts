/** A topology built of real bridges: s1 … sN, each with one host port, joined by patch ports. */
import { ARP_OP, buildArp } from '../../src/packet/index.ts';
import { bridgeCommands, dummyPortCommands, patchCommands } from './private-ovs.ts';
import type { PrivateOvs } from './private-ovs.ts';
import { dpidOf, macOf } from './ring.ts';
import type { Rooms } from './rooms.ts';
import { cabling } from './topologies.ts';
import type { Topology } from './topologies.ts';

/** Above all ports that cables need. */
export const HOST_PORT = 1_000;
const FIRST_IP = 0x0a000000;
/** So many to one run of ovs-vsctl: a command line holds 128 KiB at least. */
const COMMANDS_AT_ONCE = 200;

/** Builds it all, cables before controllers: no port is looked at before it leads where it shall. */
export async function buildFabric(ovs: PrivateOvs, topology: Topology, controller: string): Promise<void> {
  const nodes = Array.from({ length: topology.switches }, (_, index) => index + 1);
  await inBulk(
    ovs,
    nodes.flatMap((node) => [
      bridgeCommands(`s${node}`, { dpid: dpidOf(node) }),
      dummyPortCommands(`s${node}`, `h${node}`, { ofport: HOST_PORT }),
    ]),
  );
  const ends = cabling(topology).map(({ a, b }) => [portOf(a), portOf(b)] as const);
  await inBulk(
    ovs,
    ends.flatMap(([a, b]) => [patchCommands(a, b), patchCommands(b, a)]),
  );
  await inBulk(
    ovs,
    nodes.map((node) => ['set-controller', `s${node}`, controller]),
  );
}

/** True where a controller knows it all: every switch connected, every link found, every host port told from the others. */
export function isWhole({ network: { view } }: Pick<Rooms, 'network'>, { switches, links }: Topology): boolean {
  return (
    view.switches.size === switches &&
    view.links.size === links.length &&
    [...view.links.values()].every(({ bidirectional }) => bidirectional) &&
    [...view.switches.values()].every(({ connected, ports }) => connected && ports.get(HOST_PORT)?.kind === 'host')
  );
}

/** A host says which address it has. */
export function arpFrame(host: number): Uint8Array {
  const ip = FIRST_IP + host;
  return buildArp({ op: ARP_OP.REQUEST, sha: macOf(host), spa: ip, tha: 0, tpa: ip });
}

/** A host speaks at the host port of a switch: what its frame does once the controller has it. */
export function announce({ hosts }: Pick<Rooms, 'hosts'>, host: number, node: number): void {
  hosts.frame(arpFrame(host), { dpid: dpidOf(node), port: HOST_PORT });
}

function portOf({ node, port }: { readonly node: number; readonly port: number }): { bridge: string; ofport: number } {
  return { bridge: `s${node}`, ofport: port };
}

async function inBulk(ovs: PrivateOvs, commands: readonly (readonly string[])[]): Promise<void> {
  for (let at = 0; at < commands.length; at += COMMANDS_AT_ONCE) {
    await ovs.vsctl(...commands.slice(at, at + COMMANDS_AT_ONCE).flatMap((command) => ['--', ...command]));
  }
}
