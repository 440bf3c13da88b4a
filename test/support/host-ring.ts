/** A ring of real switches under a controller, with a host at each that answers ARP and says nothing by itself. */
import { startController } from './controller.ts';
import type { RunningController, StartOptions } from './controller.ts';
import { startPrivateOvs } from './private-ovs.ts';
import type { PrivateOvs } from './private-ovs.ts';
import { items, until } from './rest.ts';
import { buildRing, HOST_PORT } from './ring.ts';

export interface HostJson {
  readonly mac: string;
  readonly name: string | null;
  readonly ips: readonly string[];
  readonly switch: string;
}

export interface EventJson {
  readonly type: string;
  readonly severity: string;
  readonly message: string;
  readonly subject: { readonly id: string };
}

export interface HostRing {
  readonly ovs: PrivateOvs;
  readonly controller: RunningController;
  /** The MAC of the host at a switch, by the switch's number. */
  mac(index: number): string;
  /** Where a host is known to be: a dpid. */
  place(mac: string): Promise<string | undefined>;
  hosts(): Promise<readonly HostJson[]>;
  events(type: string): Promise<readonly EventJson[]>;
  /** From now on the host at a switch answers for this address; `0.0.0.0` for none. */
  setAddress(index: number, ip: string): Promise<void>;
  /** An ARP announcement comes in at a switch's host port. */
  announce(index: number, mac: string, ip: string): Promise<void>;
  /** The host ports of these switches are known to be such. */
  portsAreOpen(...indexes: readonly number[]): Promise<void>;
  dispose(): Promise<void>;
}

interface PortJson {
  readonly number: number;
  readonly kind: string;
}

export async function startHostRing(size: number, options: StartOptions = {}): Promise<HostRing> {
  const controller = await startController(options);
  const ovs = await startPrivateOvs();
  const { baseUrl } = controller;
  const macs = new Map<number, string>();
  const hosts = (): Promise<readonly HostJson[]> => items(baseUrl, '/hosts');
  const ring: HostRing = {
    ovs,
    controller,
    hosts,
    mac: (index) => macs.get(index)!,
    place: async (mac) => (await hosts()).find((host) => host.mac === mac)?.switch,
    events: (type) => items(baseUrl, `/events?type=${type}&limit=500`),
    setAddress: async (index, ip) => {
      await ovs.appctl('netdev-dummy/ip4addr', `h${index}`, ip === '0.0.0.0' ? '0.0.0.0/0' : `${ip}/24`);
    },
    announce: async (index, mac, ip) => {
      await ovs.appctl('netdev-dummy/receive', `h${index}`, announcement(mac, ip));
    },
    portsAreOpen: async (...indexes) => {
      for (const index of indexes) {
        const kind = async (): Promise<string | undefined> =>
          (await items<PortJson>(baseUrl, `/switches/s${index}/ports`)).find(({ number }) => number === HOST_PORT)
            ?.kind;
        await until(kind, (is) => is === 'host');
      }
    },
    dispose: async () => {
      await controller.stop();
      await ovs.dispose();
    },
  };
  try {
    await buildRing(ovs, size, `tcp:127.0.0.1:${controller.openflowPort}`);
    await until(
      () => items<{ bidirectional: boolean }>(baseUrl, '/links'),
      (links) => links.length === size && links.every(({ bidirectional }) => bidirectional),
    );
    for (let index = 1; index <= size; index++) {
      await ring.portsAreOpen(index);
      macs.set(index, (await ovs.vsctl('get', 'interface', `h${index}`, 'mac_in_use')).trim().replaceAll('"', ''));
    }
    return ring;
  } catch (error) {
    await ring.dispose();
    throw error;
  }
}

function announcement(mac: string, ip: string): string {
  const sender = mac.replaceAll(':', '');
  const address = ip
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('');
  return `ffffffffffff${sender}08060001080006040001${sender}${address}${'0'.repeat(12)}${address}${'00'.repeat(18)}`;
}
