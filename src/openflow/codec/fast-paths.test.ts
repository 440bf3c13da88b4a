/** What is read or written in one go for speed says the same as its layout. */
import { expect, it } from 'vitest';
import { generateMessage } from '../../../test/support/generate.ts';
import { encode, type FlowStats } from './index.ts';
import { flowMod, flowModByLayout } from './messages/flow.ts';
import { packetInByLayout, packetOut, packetOutByLayout } from './messages/packet.ts';
import { packetIn } from './messages/packet.ts';
import { flowStats, flowStatsByLayout } from './multipart/flow.ts';
import { Reader } from './wire/reader.ts';
import { Writer } from './wire/writer.ts';

const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);
const HEADER_LEN = 8;

it('PACKET_IN is read as its layout says', () => {
  for (const seed of SEEDS) {
    const bytes = encode(generateMessage('packetIn', seed));
    const header = { version: 4, wireType: 10, length: bytes.length, xid: seed };
    for (let end = bytes.length; end > bytes.length - 40; end -= 13) {
      const outcome = (codec: typeof packetIn): unknown => {
        try {
          return codec.read(new Reader(bytes, HEADER_LEN, end), header);
        } catch (error) {
          return (error as Error).name;
        }
      };
      expect(outcome(packetIn)).toEqual(outcome(packetInByLayout));
    }
  }
});

it('PACKET_OUT is written as its layout says', () => {
  for (const seed of SEEDS) {
    const message = generateMessage('packetOut', seed);
    if (message.type !== 'packetOut') throw new Error('the generator makes what it was asked for');
    const written = [packetOut, packetOutByLayout].map((codec) => {
      const writer = new Writer();
      codec.write(writer, message);
      return writer.take().toString('hex');
    });
    expect(written[0]).toBe(written[1]);
  }
});

it('FLOW_MOD is written as its layout says', () => {
  for (const seed of SEEDS) {
    const message = generateMessage('flowMod', seed);
    if (message.type !== 'flowMod') throw new Error('the generator makes what it was asked for');
    const written = [flowMod, flowModByLayout].map((codec) => {
      const writer = new Writer();
      codec.write(writer, message);
      return writer.take().toString('hex');
    });
    expect(written[0]).toBe(written[1]);
  }
});

it('an entry of a flow stats reply is read as its layout says', () => {
  for (const seed of SEEDS) {
    const message = generateMessage('multipartReply flow', seed);
    if (message.type !== 'multipartReply' || message.kind !== 'flow')
      throw new Error('the generator makes what it was asked for');
    for (const entry of message.body) {
      const writer = new Writer();
      flowStatsByLayout.write(writer, entry, 'entry');
      const bytes = writer.take();
      const read = (field: { read(reader: Reader): FlowStats }): FlowStats => field.read(new Reader(bytes));
      expect(read(flowStats)).toEqual(read(flowStatsByLayout));
    }
  }
});
