import { describe, expect, it } from 'vitest';
import { DecodeError } from './errors.ts';
import { Framer } from './framer.ts';

function frame(length: number, fill: number): Buffer {
  const bytes = Buffer.alloc(length, fill);
  bytes[0] = 4;
  bytes.writeUInt16BE(length, 2);
  return bytes;
}

function framesOf(chunks: readonly Buffer[]): Buffer[] {
  const framer = new Framer();
  const frames: Buffer[] = [];
  for (const chunk of chunks) framer.push(chunk, (one) => frames.push(one));
  expect(framer.pendingBytes).toBe(0);
  return frames;
}

const frames = [frame(8, 1), frame(9, 2), frame(23, 3), frame(8, 4), frame(64, 5)];
const stream = Buffer.concat(frames);

describe('Framer', () => {
  it('gives the same frames for a stream cut once at any place', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(framesOf([Buffer.from(stream.subarray(0, cut)), Buffer.from(stream.subarray(cut))])).toEqual(frames);
    }
  });

  it('gives the same frames for a stream cut twice at any places', () => {
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        const cuts = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
        const got = framesOf(cuts.map((cut) => Buffer.from(cut)));
        expect(Buffer.concat(got).equals(stream) && got.length === frames.length).toBe(true);
      }
    }
  });

  it('gives the same frames for chunks of any one size', () => {
    for (let size = 1; size <= stream.length; size++) {
      const chunks: Buffer[] = [];
      for (let i = 0; i < stream.length; i += size) chunks.push(Buffer.from(stream.subarray(i, i + size)));
      expect(framesOf(chunks)).toEqual(frames);
    }
  });

  it('copies nothing that arrives in one chunk', () => {
    const chunk = Buffer.from(stream);
    for (const got of framesOf([chunk])) expect(got.buffer).toBe(chunk.buffer);
  });

  it('hands out frames that later chunks never touch', () => {
    const got = framesOf(
      [stream.subarray(0, 20), stream.subarray(20, 60), stream.subarray(60)].map((part) => Buffer.from(part)),
    );
    expect(got).toEqual(frames);
  });

  it('takes the longest frame, split, and holds no more than it', () => {
    const longest = frame(0xffff, 7);
    const framer = new Framer();
    const got: Buffer[] = [];
    for (let i = 0; i < longest.length; i += 1000) {
      framer.push(Buffer.from(longest.subarray(i, i + 1000)), (one) => got.push(one));
      expect(framer.pendingBytes).toBeLessThanOrEqual(0xffff);
    }
    expect(got).toEqual([longest]);
  });

  it.each([0, 1, 7])('refuses a length of %i, in one chunk and split', (length) => {
    const bad = frame(8, 0);
    bad.writeUInt16BE(length, 2);
    for (let cut = 0; cut < 8; cut++) {
      const framer = new Framer();
      const push = (): void => {
        framer.push(Buffer.from(bad.subarray(0, cut)), () => undefined);
        framer.push(Buffer.from(bad.subarray(cut)), () => undefined);
      };
      expect(push).toThrow(DecodeError);
    }
  });
});
