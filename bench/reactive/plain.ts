/**
 * The least that answers packet-ins: bytes in, bytes out, no logic. Frames are cut out of the stream, and for each packet-in so many
 * flow-mods with the packet's addresses and a packet-out with the packet are copied from templates, all answers of a chunk in one piece.
 */
import { encode, flowMod, Framer, OFPP, OFPT, packetOut } from '../../src/openflow/codec/index.ts';
import { FRAME_AT, FRAME_BYTES, PACKET_IN_BYTES } from './messages.ts';

const [RULE_DST, RULE_SRC] = [0x0102_0304_0506, 0x0708_090a_0b0c];

export function plainAnswers(rules: number): (chunk: Buffer) => Buffer {
  const output = { type: 'output', port: 1, maxLen: 0 } as const;
  const instructions = [{ type: 'applyActions', actions: [output] }] as const;
  const rule = encode(flowMod({ match: { ethDst: RULE_DST, ethSrc: RULE_SRC }, instructions }));
  const [dstAt, srcAt] = [RULE_DST, RULE_SRC].map((mac) => rule.indexOf(macBytes(mac))) as [number, number];
  const out = encode(packetOut({ inPort: OFPP.CONTROLLER, actions: [output], data: Buffer.alloc(FRAME_BYTES) }));
  const frameAt = out.length - FRAME_BYTES;
  const answerBytes = rules * rule.length + out.length;
  const framer = new Framer();
  return (chunk) => {
    // One more than fits may have begun in the chunk before.
    const answers = Buffer.allocUnsafe(answerBytes * (1 + Math.ceil(chunk.length / PACKET_IN_BYTES)));
    let at = 0;
    framer.push(chunk, (frame) => {
      if (frame[1] !== OFPT.PACKET_IN) return;
      for (let i = 0; i < rules; i++) {
        answers.set(rule, at);
        // Quicker than to copy parts, of which each needs a view.
        for (let byte = 0; byte < 6; byte++) {
          answers[at + dstAt + byte] = frame[FRAME_AT + byte]!;
          answers[at + srcAt + byte] = frame[FRAME_AT + 6 + byte]!;
        }
        at += rule.length;
      }
      answers.set(out, at);
      answers.set(frame.subarray(FRAME_AT), at + frameAt);
      at += out.length;
    });
    return answers.subarray(0, at);
  };
}

function macBytes(mac: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(mac, 0, 6);
  return bytes;
}
