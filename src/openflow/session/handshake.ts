/**
 * From a fresh connection to a described datapath: HELLO, FEATURES, SET_CONFIG, DESC, PORT_DESC (sections 6.3.1 and 7.3).
 */
import { formatDpid } from '../../core/ids.ts';
import type { FeaturesReply, Hello, PortDesc, SwitchDesc } from '../codec/index.ts';
import { OFPCML, OFPET, OFPHFC } from '../codec/index.ts';
import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';

export const OFP_VERSION_1_3 = 0x04;

/** What a datapath says of itself. */
export interface DatapathDescription {
  readonly dpid: string;
  readonly features: FeaturesReply;
  readonly desc: SwitchDesc;
  readonly ports: readonly PortDesc[];
}

/** True where the peer's HELLO allows 1.3: by its bitmap, or, without one, by its version (section 6.3.1). */
export function speaks13(hello: Hello): boolean {
  return hello.versions ? hello.versions.includes(OFP_VERSION_1_3) : hello.version >= OFP_VERSION_1_3;
}

export function sayHello(channel: Channel): void {
  channel.send({ type: 'hello', xid: 0, version: OFP_VERSION_1_3, versions: [OFP_VERSION_1_3] });
}

/** Tells a peer that cannot speak 1.3 why it is let go; returns the sentence for the log. */
export function refuseVersion(channel: Channel, hello: Hello): string {
  const theirs = hello.versions?.map((version) => `0x${version.toString(16).padStart(2, '0')}`).join(', ');
  const spoken = theirs ?? `up to 0x${hello.version.toString(16).padStart(2, '0')}`;
  const text = `only OpenFlow 1.3 (0x04) is spoken here, the switch offers ${spoken}`;
  channel.send({
    type: 'error',
    xid: hello.xid,
    errorType: OFPET.HELLO_FAILED,
    code: OFPHFC.INCOMPATIBLE,
    data: Buffer.from(text, 'ascii'),
  });
  return `${text}; on Open vSwitch: ovs-vsctl set bridge NAME protocols=OpenFlow13`;
}

/** Asks the datapath for all that a view needs. Whole packets are asked for, since nothing is buffered in a switch. */
export async function describe(features: FeaturesReply, conversation: Conversation): Promise<DatapathDescription> {
  conversation.send({ type: 'setConfig', xid: conversation.nextXid(), flags: 0, missSendLen: OFPCML.NO_BUFFER });
  const [desc, ports] = await Promise.all([
    conversation.multipart('desc', undefined),
    conversation.multipart('portDesc', undefined),
  ]);
  return { dpid: formatDpid(features.datapathId), features, desc, ports };
}
