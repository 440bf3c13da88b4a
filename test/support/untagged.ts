/** Frames on links between switches may be tagged: what is flooded is. */

const TAG_AT = 12;
const TAG_BYTES = 4;
const TPID = 0x8100;

/** The frame without its outermost VLAN tag (IEEE 802.1Q clause 9), if it has one. */
export function untagged(frame: Buffer): Buffer {
  if (frame.length < TAG_AT + TAG_BYTES || frame.readUInt16BE(TAG_AT) !== TPID) return frame;
  return Buffer.concat([frame.subarray(0, TAG_AT), frame.subarray(TAG_AT + TAG_BYTES)]);
}

/** The frame with one more tag, outermost. */
export function tagged(frame: Buffer, vid: number): Buffer {
  const tag = Buffer.alloc(TAG_BYTES);
  tag.writeUInt16BE(TPID, 0);
  tag.writeUInt16BE(vid, 2);
  return Buffer.concat([frame.subarray(0, TAG_AT), tag, frame.subarray(TAG_AT)]);
}
