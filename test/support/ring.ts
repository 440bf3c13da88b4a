/** A ring of private bridges s1 … sN, each with one dummy host port h1 … hN. */
import type { PrivateOvs } from './private-ovs.ts';

export const HOST_PORT = 10;

export function dpidOf(index: number): string {
  return index.toString(16).padStart(16, '0');
}

/** Port 1 leads to the next bridge, port 2 to the one before. */
export async function buildRing(ovs: PrivateOvs, size: number, controller: string): Promise<void> {
  for (let index = 1; index <= size; index++) await addRingBridge(ovs, index, controller);
  for (let index = 1; index <= size; index++) {
    await ovs.patch({ bridge: `s${index}`, ofport: 1 }, { bridge: `s${(index % size) + 1}`, ofport: 2 });
  }
}

export async function addRingBridge(ovs: PrivateOvs, index: number, controller: string): Promise<void> {
  await ovs.addBridge(`s${index}`, { dpid: dpidOf(index), controller });
  await ovs.dummyPort(`s${index}`, `h${index}`, { ofport: HOST_PORT });
}

function hex(value: number, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0');
}

export function macOf(index: number): number {
  return 0x0200_0000_0000 + index;
}

/** Who has an address that nobody has: a broadcast that needs no answer. */
export function arpRequest(index: number): string {
  const mac = hex(macOf(index), 6);
  const sender = `0a0000${hex(index, 1)}`;
  return `ffffffffffff${mac}08060001080006040001${mac}${sender}0000000000000a0000fe${'00'.repeat(18)}`;
}

/** A frame of a local experimental type (IEEE 802 clause 9.2.3), from one host to another. */
export function unicast(from: number, to: number): string {
  return `${hex(macOf(to), 6)}${hex(macOf(from), 6)}88b5${'00'.repeat(46)}`;
}

export async function inject(ovs: PrivateOvs, index: number, frame: string): Promise<void> {
  await ovs.appctl('netdev-dummy/receive', `h${index}`, frame);
}

/** Frames sent out of a port since it was made, as the switch counts them. */
export async function sentBy(ovs: PrivateOvs, bridge: string, port: number): Promise<number> {
  const text = await ovs.ofctl('dump-ports', bridge, String(port));
  return Number(/tx pkts=(\d+)/.exec(text)?.[1]);
}

/** The frame of `unicast` as `ofproto/trace` takes it, coming in at its sender's port. */
export function frameFields(from: number, to: number): string {
  const [dlSrc, dlDst] = [from, to].map((index) => hex(macOf(index), 6).replace(/(..)(?=.)/g, '$1:'));
  return `in_port=${HOST_PORT},dl_src=${dlSrc},dl_dst=${dlDst},dl_type=0x88b5`;
}
