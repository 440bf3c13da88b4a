/**
 * From a fresh connection to a described datapath: HELLO, FEATURES, SET_CONFIG, DESC, PORT_DESC (sections 6.3.1 and 7.3).
 */
import { UnavailableError } from '../../core/errors.ts';
import { formatDpid } from '../../core/ids.ts';
import { errorName, hello, OFP_VERSION, OFPCML, OFPET, OFPHFC } from '../codec/index.ts';
import type { ErrorMessage, FeaturesReply, Hello, PortDesc, SwitchDesc } from '../codec/index.ts';
import type { Channel } from './channel.ts';
import type { Conversation } from './conversation.ts';

const HOW_TO_SET = 'on Open vSwitch: ovs-vsctl set bridge NAME protocols=OpenFlow13';
/** Of a peer's own words in a log line. */
const QUOTED_CHARACTERS_MAX = 100;

/** What a datapath says of itself. */
export interface DatapathDescription {
  readonly dpid: string;
  readonly features: FeaturesReply;
  readonly desc: SwitchDesc;
  readonly ports: readonly PortDesc[];
}

/** True where the peer's HELLO allows 1.3: by its bitmap, or, without one, by its version (section 6.3.1). */
export function speaks13({ version, versions }: Hello): boolean {
  return versions ? versions.includes(OFP_VERSION) : version >= OFP_VERSION;
}

export function sayHello(channel: Channel): void {
  channel.send(hello());
}

/** Tells a peer that cannot speak 1.3 why it is let go; returns the sentence for the log. */
export function refuseVersion(channel: Channel, { xid, version, versions }: Hello): string {
  const theirs = versions ? versions.map(hex).join(', ') || 'no version at all' : `up to ${hex(version)}`;
  const text = `only OpenFlow 1.3 (0x04) is spoken here, the switch offers ${theirs}`;
  channel.send({
    type: 'error',
    xid,
    errorType: OFPET.HELLO_FAILED,
    code: OFPHFC.INCOMPATIBLE,
    data: Buffer.from(text, 'ascii'),
  });
  return `${text}; ${HOW_TO_SET}`;
}

/** The sentence for the log where the peer refused our HELLO. */
export function refusedByPeer({ errorType, code, data }: ErrorMessage): string {
  const text = Buffer.from(data.subarray(0, QUOTED_CHARACTERS_MAX)).toString('latin1');
  const words = text.replaceAll(/[^ -~]/g, '.');
  return `the switch refused OpenFlow 1.3 with ${errorName(errorType, code)} ("${words}"); ${HOW_TO_SET}`;
}

/** The features of the peer's main connection. Rejects where it is an auxiliary one (section 6.3.6). */
export async function askFeatures(conversation: Conversation): Promise<FeaturesReply> {
  const reply = await conversation.request({ type: 'featuresRequest', xid: conversation.nextXid() });
  if (reply.type !== 'featuresReply') throw new UnavailableError(`${reply.type} came instead of the features`);
  if (reply.auxiliaryId !== 0) {
    throw new UnavailableError(
      `it is auxiliary connection ${reply.auxiliaryId} of switch ${formatDpid(reply.datapathId)}, and only main connections are served; turn auxiliary ones off`,
    );
  }
  return reply;
}

/** Asks the datapath for all that a view needs. Whole packets are asked for, since nothing is buffered in a switch. */
export async function describe(features: FeaturesReply, conversation: Conversation): Promise<DatapathDescription> {
  conversation.send({ type: 'setConfig', xid: conversation.nextXid(), flags: 0, missSendLen: OFPCML.NO_BUFFER });
  const options = { maxBytes: conversation.limits.maxHandshakeBytes };
  const [desc, ports] = await Promise.all([
    conversation.multipart('desc', undefined, options),
    conversation.multipart('portDesc', undefined, options),
  ]);
  return { dpid: formatDpid(features.datapathId), features, desc, ports };
}

function hex(version: number): string {
  return `0x${version.toString(16).padStart(2, '0')}`;
}
