/** Hosts that move, thieves, and links that fail without a word, on real Open vSwitch. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLOOD_GROUP } from '../../src/flows/pipeline.ts';
import { OFPPC } from '../../src/openflow/codec/index.ts';
import type { Message } from '../../src/openflow/codec/index.ts';
import { startController } from '../support/controller.ts';
import type { RunningController } from '../support/controller.ts';
import { connectOpenflow } from '../support/openflow-client.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { get, items, until } from '../support/rest.ts';
import { buildRing, dpidOf, HOST_PORT, inject, unicast } from '../support/ring.ts';

const SIZE = 3;
const IP = '10.0.0.1';

interface LinkJson {
  readonly a: { readonly dpid: string };
  readonly b: { readonly dpid: string };
  readonly bidirectional: boolean;
}
interface HostJson {
  readonly mac: string;
  readonly ips: readonly string[];
  readonly switch: string;
}
interface PortJson {
  readonly number: number;
  readonly up: boolean;
  readonly kind: string;
}

describe('a ring of real switches', () => {
  let ovs: PrivateOvs;
  let controller: RunningController;
  /** The MAC of h1's own interface: Open vSwitch answers ARP for it. */
  let mac: string;

  const links = (): Promise<readonly LinkJson[]> => items(controller.baseUrl, '/links');
  const host = async (): Promise<HostJson | undefined> =>
    (await items<HostJson>(controller.baseUrl, '/hosts')).find((known) => known.mac === mac);
  const port = async (index: number, number: number): Promise<PortJson | undefined> =>
    (await items<PortJson>(controller.baseUrl, `/switches/s${index}/ports`)).find((found) => found.number === number);
  const told = (type: string): number => controller.log.filter((line) => line['type'] === type).length;
  const rules = (index: number): Promise<string> => ovs.ofctl('dump-flows', `s${index}`, '--no-stats');

  /** An ARP announcement with the MAC and the address of h1, at any host port. */
  const announce = async (index: number): Promise<void> => {
    const sender = `${mac.replaceAll(':', '')}0a000001`;
    const arp = `0001080006040001${sender}0000000000000a000001`;
    const frame = `ffffffffffff${mac.replaceAll(':', '')}0806${arp}${'00'.repeat(18)}`;
    await ovs.appctl('netdev-dummy/receive', `h${index}`, frame);
  };
  /** Speaks at a port until something is so. */
  const speakUntil = <T>(index: number, ask: () => Promise<T>, satisfied: (answer: T) => boolean): Promise<T> =>
    until(async () => {
      await announce(index);
      return ask();
    }, satisfied);
  const whole = (): Promise<unknown> =>
    until(links, (found) => found.length === SIZE && found.every(({ bidirectional }) => bidirectional));
  /** The link from s1 to s2 carries traffic. */
  const firstLink = async (): Promise<boolean> =>
    (await links()).some(({ a, b, bidirectional }) => a.dpid === dpidOf(1) && b.dpid === dpidOf(2) && bidirectional);

  beforeAll(async () => {
    controller = await startController();
    ovs = await startPrivateOvs();
    await buildRing(ovs, SIZE, `tcp:127.0.0.1:${controller.openflowPort}`);
    await whole();
    for (let index = 1; index <= SIZE; index++) {
      await until(
        () => port(index, HOST_PORT),
        (found) => found?.kind === 'host',
      );
    }
    mac = (await ovs.vsctl('get', 'interface', 'h1', 'mac_in_use')).trim().replaceAll('"', '');
    await ovs.appctl('netdev-dummy/ip4addr', 'h1', `${IP}/24`);
    await speakUntil(1, host, (known) => known?.switch === dpidOf(1) && known.ips.includes(IP));
  });
  afterAll(async () => {
    await controller?.stop();
    await ovs?.dispose();
  });

  it('refuses a thief while the owner answers', async () => {
    await speakUntil(
      3,
      () => Promise.resolve(told('host.duplicate')),
      (count) => count > 0,
    );
    expect(await host()).toMatchObject({ switch: dpidOf(1), ips: [IP] });
    expect(told('host.moved')).toBe(0);
  });

  it('follows a host that moved, and takes its old rules away', async () => {
    await ovs.appctl('netdev-dummy/ip4addr', 'h1', '0.0.0.0/0');
    await speakUntil(3, host, (known) => known?.switch === dpidOf(3));
    expect(told('host.moved')).toBe(1);
    await until(
      () => rules(1),
      (text) => !text.includes(`dl_src=${mac}`) && !text.includes(`dl_dst=${mac} actions=output:${HOST_PORT}`),
    );
    await until(
      () => rules(3),
      (text) => text.includes(`dl_src=${mac}`) && text.includes(`dl_dst=${mac} actions=output:${HOST_PORT}`),
    );
    await until(
      () => ovs.appctl('ofproto/trace', 's1', `in_port=${HOST_PORT},dl_dst=${mac},dl_type=0x88b5`),
      (trace) => trace.includes('bridge("s3")') && !trace.includes(`group:${FLOOD_GROUP}`),
    );
  });

  it('tells by its rule’s counter whether a host without an address is where it was', async () => {
    const nameless = '02:00:00:00:00:05';
    const at = async (): Promise<string | undefined> =>
      (await items<HostJson>(controller.baseUrl, '/hosts')).find((known) => known.mac === nameless)?.switch;
    const frame = unicast(5, 9);
    await inject(ovs, 2, frame);
    await until(at, (dpid) => dpid === dpidOf(2));
    await until(
      () => rules(2),
      (text) => text.includes(`dl_src=${nameless}`),
    );
    const before = told('host.duplicate');
    await until(
      async () => {
        await inject(ovs, 2, frame);
        await inject(ovs, 3, frame);
        return told('host.duplicate');
      },
      (count) => count > before,
    );
    expect(await at()).toBe(dpidOf(2));
    await until(
      async () => {
        await inject(ovs, 3, frame);
        return at();
      },
      (dpid) => dpid === dpidOf(3),
    );
  });

  it('gives no alarm when it is held up itself for two seconds', async () => {
    process.kill(controller.pid, 'SIGSTOP');
    await new Promise((resolve) => {
      setTimeout(resolve, 2_000);
    });
    process.kill(controller.pid, 'SIGCONT');
    const { uptimeSeconds: from } = await get<{ uptimeSeconds: number }>(controller.baseUrl, '/health');
    await until(
      async () => {
        expect(await links()).toHaveLength(SIZE);
        for (const { bidirectional } of await links()) expect(bidirectional).toBe(true);
        return get<{ uptimeSeconds: number }>(controller.baseUrl, '/health');
      },
      ({ uptimeSeconds }) => uptimeSeconds >= from + 2,
    );
    expect(told('link.silent')).toBe(0);
  });

  it('finds a link that loses frames while its ports stay up, and uses it again when it does not', async () => {
    await ovs.ofctl('add-flow', 's2', 'table=0,priority=2000,in_port=2,dl_type=0x88cc,actions=drop');
    await until(firstLink, (carries) => !carries);
    expect(told('link.silent')).toBe(1);
    for (const [index, number] of [
      [1, 1],
      [2, 2],
    ] as const) {
      expect(await port(index, number)).toMatchObject({ up: true, kind: 'fabric' });
    }
    await ovs.ofctl('del-flows', 's2', '--strict', 'table=0,priority=2000,in_port=2,dl_type=0x88cc');
    await until(firstLink, (carries) => carries);
  });

  it('holds a port down that goes up and down all the time, and lets it go when it is quiet', async () => {
    const client = await connectOpenflow(ovs.mgmtSocket('s1'));
    const [desc] = (await client.ask('portDesc', undefined)).filter(({ portNo }) => portNo === HOST_PORT);
    const hwAddr = desc!.hwAddr;
    const set = (config: number): Message => {
      return { type: 'portMod', xid: 0, portNo: HOST_PORT, hwAddr, config, mask: OFPPC.PORT_DOWN, advertise: 0 };
    };
    const flaps = Array.from({ length: 8 }, () => [set(OFPPC.PORT_DOWN), set(0)]).flat();
    await client.exchange(...flaps);
    client.close();
    await until(
      () => Promise.resolve(told('port.damped')),
      (count) => count === 1,
    );
    expect(await port(1, HOST_PORT)).toMatchObject({ up: false, kind: 'unknown' });
    await until(
      () => port(1, HOST_PORT),
      (found) => found?.kind === 'host',
    );
    expect(told('port.released')).toBe(1);
  });
});
