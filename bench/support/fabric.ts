/** A topology built of real bridges: s1 … sN, each with one host port, joined by patch ports. */
import { bridgeCommands, dummyPortCommands, patchCommands } from '../../test/support/private-ovs.ts';
import type { PrivateOvs } from '../../test/support/private-ovs.ts';
import { cabling, dpidOf } from './topologies.ts';
import type { Topology } from './topologies.ts';

export const HOST_PORT = 100;
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

function portOf({ node, port }: { readonly node: number; readonly port: number }): { bridge: string; ofport: number } {
  return { bridge: `s${node}`, ofport: port };
}

async function inBulk(ovs: PrivateOvs, commands: readonly (readonly string[])[]): Promise<void> {
  for (let at = 0; at < commands.length; at += COMMANDS_AT_ONCE) {
    await ovs.vsctl(...commands.slice(at, at + COMMANDS_AT_ONCE).flatMap((command) => ['--', ...command]));
  }
}
