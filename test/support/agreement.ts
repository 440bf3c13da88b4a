/** Whether our decoder and Open vSwitch's agree that a frame is valid; and where they may differ, and why. */
import { decode, DecodeError, errorName } from '../../src/openflow/codec/index.ts';
import { decodeErrorIn } from './ofp-print.ts';

const TYPE = { error: 1, experimenter: 4, multipartRequest: 18, multipartReply: 19 };
const VERSION_1_3 = 4;

/** Refusals of ours that Open vSwitch does not share, because it does not look where we do. */
const OURS_ALONE: readonly Exception[] = [
  { when: /tun_\w+ \d+ is larger/, because: 'it does not look at the range of tunnel fields' },
  { when: /METER_MOD_FAILED/, because: 'it does not read the bands of a meter that is deleted' },
  { when: /is said to have/, because: 'of two lengths of one match it believes the other' },
  { when: /GROUP_MOD_FAILED\/BAD_COMMAND/, because: 'it prints commands that it would refuse later' },
  { when: /bytes are left over.*BAD_REQUEST\/BAD_LEN/, because: 'it leaves unread what follows a match or a message' },
  { when: /bytes are left over.*BAD_ACTION\/BAD_LEN/, because: 'of a controller property it reads what it needs' },
  { when: /reaches beyond its field/, because: 'it looks at the bits of learn specs only when it installs them' },
  { when: /stands twice/, because: 'it drops fields that it does not know, or cannot use, from a PACKET_IN' },
  {
    when: /cannot be \d+ bytes long|takes no mask|masked field has an odd/,
    because: 'likewise, with a strange header',
  },
  { when: /action type (\d|10|13|14) is not known/, because: 'it still takes the set actions of OpenFlow 1.1' },
  { when: /bytes are needed/, type: 23, because: 'it passes over experimenter properties of queues' },
  { when: /BAD_REQUEST\/BAD_LEN/, multipart: 6, because: 'of group statistics it counts whole buckets only' },
];

interface Exception {
  /** What our refusal says. */
  readonly when: RegExp;
  /** Only in this type of message, and of multipart. */
  readonly type?: number;
  readonly multipart?: number;
  readonly because: string;
}

/** Errors of Open vSwitch's that say that the bytes make no structure; all others are about what a switch can do. */
const STRUCTURAL = /BAD_LEN$|BAD_TYPE$|BAD_TAG$|BAD_STAT$|BAD_VERSION$/;

/** In words, where the two disagree in a way that nothing explains; undefined where they agree. */
export function disagreement(frame: Buffer, printed: string): string | undefined {
  if (frame[0] !== VERSION_1_3 || frame[1] === TYPE.error) return undefined; // of an ERROR it decodes the message inside, too
  const theirs = decodeErrorIn(printed);
  const ours = refusalOf(frame);
  if (theirs === undefined && ours !== undefined) {
    const kind = multipartKind(frame);
    if (
      OURS_ALONE.some(
        ({ when, type = frame[1], multipart = kind }) => when.test(ours) && type === frame[1] && multipart === kind,
      )
    )
      return undefined;
    return `Open vSwitch takes what we refuse: ${ours}`;
  }
  if (theirs !== undefined && ours === undefined && STRUCTURAL.test(theirs) && !isLeniency(frame, theirs)) {
    return `Open vSwitch refuses with ${theirs} what we take`;
  }
  return undefined;
}

function multipartKind(frame: Buffer): number {
  const isMultipart = frame[1] === TYPE.multipartRequest || frame[1] === TYPE.multipartReply;
  return isMultipart && frame.length >= 10 ? frame.readUInt16BE(8) : -1;
}

function refusalOf(frame: Buffer): string | undefined {
  try {
    decode(frame);
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return `${error.message} [${errorName(error.errorType, error.code)}]`;
    throw error;
  }
}

/** Where we take more on purpose. */
function isLeniency(frame: Buffer, theirs: string): boolean {
  const type = frame[1];
  if (type === TYPE.experimenter) return true; // experimenter messages that only it knows have lengths that we do not
  const kind = multipartKind(frame);
  if (kind === 0xffff || kind === 12) return true; // likewise; and table features without tables or required properties
  if (/^OFPBAC_|^OFPBIC_|^NX/.test(theirs)) return true; // actions and instructions that it does not have: MPLS TTL in, PBB
  return /METER|^OFPBRC_BAD_LEN$/.test(theirs) && (type === 29 || kind === 10); // experimenter bands with data
}
