/** Reactive forwarding on real Open vSwitch: a ring of four bridges, whose conversations begin, follow the links, and go idle. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIpv4, buildIpv6, buildTcp, buildUdp, IP_PROTO } from '../../src/packet/index.ts';
import { startController } from '../support/controller.ts';
import type { RunningController } from '../support/controller.ts';
import { watchFlows } from '../support/flow-watch.ts';
import { startPrivateOvs } from '../support/private-ovs.ts';
import type { PrivateOvs } from '../support/private-ovs.ts';
import { items, until } from '../support/rest.ts';
import { arpRequest, buildRing, HOST_PORT, inject, macOf, sentBy, unicast } from '../support/ring.ts';

const SIZE = 4;
const BRIDGES = Array.from({ length: SIZE }, (_, index) => index + 1);
const IDLE_S = 4;
/** Of rules of conversations: ours, the app 8, the class 1. */
const REACTIVE_COOKIES = '0x5b0c080100000000/0xffffffff00000000';
/** That of `unicast`, and of IPv4. */
const OUR_TYPES: ReadonlySet<number> = new Set([0x88b5, 0x0800]);
/** A capture's own header, and that of each frame in it. */
const PCAP_HEADER = 24;
const PCAP_RECORD = 16;
const RULE = /idle_timeout=(\d+),.*priority=(\d+),(.*) actions=output:(\S+)/;

interface PortJson {
  readonly number: number;
  readonly kind: string;
}

interface LinkJson {
  readonly bidirectional: boolean;
}

function isWhole(links: readonly LinkJson[]): boolean {
  return links.length === SIZE && links.every(({ bidirectional }) => bidirectional);
}

describe('reactive forwarding in a ring of real switches', () => {
  let ovs: PrivateOvs;
  let controller: RunningController;
  let data: string;
  /** 0 takes a free one. */
  let port = 0;

  /** Each rule of a conversation on a bridge as text. */
  const rules = async (index: number): Promise<readonly string[]> => {
    const text = await ovs.ofctl('dump-flows', `s${index}`, '--no-stats', `cookie=${REACTIVE_COOKIES}`);
    return text.split('\n').filter((line) => line.includes('actions='));
  };
  const allRules = async (): Promise<readonly (readonly string[])[]> => Promise.all(BRIDGES.map(rules));
  /** Frames of our own type that came out at a host, as its port's capture has them: probes come out there too. */
  const delivered = async (index: number): Promise<number> => {
    const bytes = await readFile(captureOf(index));
    let count = 0;
    for (let at = PCAP_HEADER; at + PCAP_RECORD <= bytes.length; at += PCAP_RECORD + bytes.readUInt32LE(at + 8)) {
      const frame = bytes.subarray(at + PCAP_RECORD);
      if (frame.length >= 14 && OUR_TYPES.has(frame.readUInt16BE(12))) count++;
    }
    return count;
  };
  const captureOf = (index: number): string => join(data, `h${index}.pcap`);
  /** Packets that no rule knew, as the switch counts them. */
  const asked = async (index: number): Promise<number> => {
    const text = await ovs.ofctl('dump-flows', `s${index}`, 'table=6');
    const line = text.split('\n').find((each) => each.includes('priority=0 actions=CONTROLLER'));
    return Number(/n_packets=(\d+)/.exec(line ?? '')?.[1]);
  };
  /** Frames that crossed the links that are never cut here, counted where they were sent. */
  const crossings = async (): Promise<number> => {
    const ends = BRIDGES.flatMap((index) => [1, 2].map((port) => [`s${index}`, port] as const));
    const lasting = ends.filter(([bridge, port]) => `${bridge}-${port}` !== 's1-1' && `${bridge}-${port}` !== 's2-2');
    const counts = await Promise.all(lasting.map(([bridge, port]) => sentBy(ovs, bridge, port)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const links = (): Promise<readonly LinkJson[]> => items(controller.baseUrl, '/links');
  /** Starts a controller, the second and later times where the first one was. */
  const start = async (args: readonly string[]): Promise<void> => {
    // Links are probed when they appear, and then so seldom that what crosses them can be counted.
    const all = ['--openflow', `127.0.0.1:${port}`, '--probe-interval', '60000', ...args];
    controller = await startController({ data, args: all });
    port = controller.openflowPort;
  };
  const begin = async (args: readonly string[]): Promise<void> => {
    data = await mkdtemp(join(tmpdir(), 'signalbox-reactive-'));
    port = 0;
    await start(args);
    ovs = await startPrivateOvs();
    await buildRing(ovs, SIZE, `tcp:127.0.0.1:${controller.openflowPort}`);
    await until(links, isWhole);
    for (const index of BRIDGES) {
      await ovs.vsctl('set', 'interface', `h${index}`, `options:tx_pcap=${captureOf(index)}`);
      const ports = (): Promise<readonly PortJson[]> => items(controller.baseUrl, `/switches/s${index}/ports`);
      await until(ports, (list) => list.some(({ number, kind }) => number === HOST_PORT && kind === 'host'));
      const flows = (): Promise<string> => ovs.ofctl('dump-flows', `s${index}`, 'table=3');
      await until(flows, (text) => text.includes('priority=0'));
      const opened = (): Promise<string> => ovs.ofctl('dump-flows', `s${index}`, `table=7,in_port=${HOST_PORT}`);
      await until(opened, (text) => text.includes('group'));
      await inject(ovs, index, arpRequest(index));
      await until(
        () => ovs.ofctl('dump-flows', `s${index}`, `table=3,in_port=${HOST_PORT}`),
        (text) => text.includes('dl_src'),
      );
    }
  };
  const end = async (): Promise<void> => {
    await controller?.stop();
    await ovs?.dispose();
    await rm(data, { recursive: true, force: true });
  };

  describe('for pairs of addresses', () => {
    beforeAll(() => begin(['--forwarding', 'reactive', '--idle-timeout', String(IDLE_S)]));
    afterAll(end);

    it('floods broadcasts without asking, and has no rules before there is traffic', async () => {
      expect(await allRules()).toEqual(BRIDGES.map(() => []));
      expect(await asked(1)).toBe(0);
    });

    it('delivers the first packet once and programs the whole way, and the second does not come up', async () => {
      const before = await delivered(2);
      await inject(ovs, 1, unicast(1, 2));
      await until(
        () => delivered(2),
        (count) => count > before,
      );
      const [s1, s2, s3, s4] = await until(allRules, (found) => found[0]!.length > 0 && found[1]!.length > 0);
      const seen = [...s1!, ...s2!].map((line) => RULE.exec(line)?.slice(1));
      const match = 'dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02';
      expect(seen).toEqual([
        [String(IDLE_S), '50', match, '1'],
        [String(IDLE_S), '50', match, '10'],
      ]);
      expect([s3, s4]).toEqual([[], []]);
      const askedBefore = await asked(1);
      await inject(ovs, 1, unicast(1, 2));
      await until(
        () => delivered(2),
        (count) => count > before + 1,
      );
      expect(await delivered(2)).toBe(before + 2);
      expect(await asked(1)).toBe(askedBefore);
    });

    it('floods to hosts what goes to nobody known, each host once, and no link carries it', async () => {
      const [hosts, links] = [await Promise.all(BRIDGES.map(delivered)), await crossings()];
      await inject(ovs, 1, unicast(1, 99));
      await until(
        () => Promise.all(BRIDGES.map(delivered)),
        (counts) => counts.slice(1).every((count, i) => count > hosts[i + 1]!),
      );
      const after = await Promise.all(BRIDGES.map(delivered));
      expect(after.map((count, i) => count - hosts[i]!)).toEqual([0, 1, 1, 1]);
      expect((await crossings()) - links).toBe(0);
    });

    it('goes another way when a link of its way is gone, and nothing circles meanwhile', async () => {
      const [before, links] = [await delivered(2), await crossings()];
      await ovs.vsctl('del-port', 's1-1', '--', 'del-port', 's2-2');
      let sent = 0;
      await until(
        async () => {
          await inject(ovs, 1, unicast(1, 2));
          sent++;
          return allRules();
        },
        ([s1, s2, s3, s4]) => [s1, s2, s3, s4].every((list) => list!.length === 1) && s1![0]!.endsWith('output:2'),
      );
      const count = await delivered(2);
      await inject(ovs, 1, unicast(1, 2));
      await until(
        () => delivered(2),
        (now) => now > count,
      );
      // No frame came twice, and none crossed more links than the ring has.
      expect((await delivered(2)) - before).toBeLessThanOrEqual(sent + 1);
      expect((await crossings()) - links).toBeLessThanOrEqual(SIZE * (sent + 1) + 4 * SIZE);
    });

    it('leaves no rule of a conversation that is over', async () => {
      await until(allRules, (found) => found.every((list) => list.length === 0));
    });

    it('finds rules again after a restart, keeps those that fit and takes the others away', async () => {
      await ovs.patch({ bridge: 's1', ofport: 1 }, { bridge: 's2', ofport: 2 });
      await until(links, isWhole);
      /** Both conversations go on all the time, or their rules would go by themselves. */
      const talk = async (): Promise<readonly (readonly string[])[]> => {
        await inject(ovs, 1, unicast(1, 2));
        await inject(ovs, 3, unicast(3, 4));
        return allRules();
      };
      await until(talk, ([s1, s2, s3, s4]) => [s1, s2, s3, s4].every((list) => list!.length === 1));
      const unchanged = await Promise.all([3, 4].map((index) => watchFlows(ovs, `s${index}`)));
      await controller.kill();
      await ovs.vsctl('del-port', 's1-1', '--', 'del-port', 's2-2');
      await start(['--forwarding', 'reactive', '--idle-timeout', String(IDLE_S)]);
      // First the rule that leads nowhere is taken away, then there is a new one, by the other way.
      await until(
        talk,
        ([s1, s2, s3, s4]) => s1![0]?.endsWith('output:2') === true && s2!.length + s3!.length + s4!.length >= 5,
      );
      const events = await Promise.all(unchanged.map((stop) => stop()));
      expect(events.flat().filter((line) => line.includes('dl_src=02:00:00:00:00:03'))).toEqual([]);
    });

    it('leaves nothing in the way of proactive forwarding', async () => {
      await inject(ovs, 1, unicast(1, 2));
      await controller.kill();
      await start(['--forwarding', 'proactive']);
      await until(allRules, (found) => found.every((list) => list.length === 0));
      for (const index of BRIDGES) {
        const forward = (): Promise<string> => ovs.ofctl('dump-flows', `s${index}`, 'table=6');
        await until(forward, (text) => text.includes('goto_table:7') && !text.includes('CONTROLLER'));
        await until(forward, (text) => text.split('dl_dst=').length === SIZE + 1);
      }
      const before = await delivered(2);
      await inject(ovs, 1, unicast(1, 2));
      await until(
        () => delivered(2),
        (count) => count === before + 1,
      );
    });
  });

  describe('for each flow of TCP', () => {
    beforeAll(() => begin(['--forwarding', 'reactive', '--reactive-match', '5tuple', '--idle-timeout', '60']));
    afterAll(end);

    it('gives each its own rules, which the switch takes as they were meant', async () => {
      const frames = [1, 2].map((tcpSrc) => tcp(1, 2, tcpSrc));
      for (const frame of frames) await inject(ovs, 1, frame);
      await inject(ovs, 1, unicast(1, 2));
      const [s1] = await until(allRules, ([first, second]) => first!.length === 3 && second!.length === 3);
      const tcpRule = (port: number): string =>
        `priority=50,tcp,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2,tp_src=${port},tp_dst=80`;
      const text = s1!.join('\n');
      expect(text).toContain(tcpRule(1));
      expect(text).toContain(tcpRule(2));
      expect(text).toContain('priority=50,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,dl_type=0x88b5');
      const asksBefore = await asked(1);
      const before = await delivered(2);
      for (const frame of frames) await inject(ovs, 1, frame);
      await until(
        () => delivered(2),
        (count) => count === before + 2,
      );
      expect(await asked(1)).toBe(asksBefore);
    });

    it.each<[string, string, string, string]>([
      ['a fragment of IPv6', fragment6(), 'ipv6,', udp6(7)],
      ['an odd packet of IPv4', tcp(1, 2, 8).slice(0, 2 * 40), 'ip,', tcp(1, 2, 9)],
      ['TCP without its ports', shortTcp(1, 2), 'tcp,', tcp(1, 2, 10)],
    ])('has a rule for %s that takes no other flow with it', async (_, odd, kind, whole) => {
      const before = await rules(1);
      await inject(ovs, 1, odd);
      const grown = await until(
        () => rules(1),
        (list) => list.length === before.length + 1,
      );
      const [rule] = grown.filter((line) => !before.includes(line));
      expect(rule).toContain(`priority=50,${kind}`);
      // The rule is for what the switch sees in the packet: it does not come up again.
      const asks = await asked(1);
      await inject(ovs, 1, odd);
      expect(await asked(1)).toBe(asks);
      await inject(ovs, 1, whole);
      await until(
        () => rules(1),
        (list) => list.length === before.length + 2,
      );
    });
  });
});

const IP6 = { src: 0xfd00n << 112n, dst: (0xfd00n << 112n) + 1n };

function hexOf(frame: Uint8Array): string {
  return Buffer.from(frame).toString('hex');
}

/** A later fragment of UDP. */
function fragment6(): string {
  const payload = Buffer.from('11000008000000090000000000000000', 'hex');
  return hexOf(buildIpv6({ ethSrc: macOf(1), ethDst: macOf(2), ...IP6, proto: IP_PROTO.FRAGMENT, payload }));
}

function udp6(srcPort: number): string {
  const payload = Buffer.alloc(4);
  return hexOf(buildUdp({ ethSrc: macOf(1), ethDst: macOf(2), ...IP6, srcPort, dstPort: 80, payload }));
}

/** IPv4 whose payload of TCP is too short to be one. */
function shortTcp(from: number, to: number): string {
  const ip = { src: 0x0a000000 + from, dst: 0x0a000000 + to };
  const payload = Buffer.alloc(10, 1);
  return hexOf(buildIpv4({ ethSrc: macOf(from), ethDst: macOf(to), ...ip, proto: IP_PROTO.TCP, payload }));
}

/** A SYN to port 80, as hex. */
function tcp(from: number, to: number, srcPort: number): string {
  const ip = { src: 0x0a000000 + from, dst: 0x0a000000 + to };
  const frame = buildTcp({ ethSrc: macOf(from), ethDst: macOf(to), ...ip, srcPort, dstPort: 80 });
  return Buffer.from(frame).toString('hex');
}
