import { describe, expect, it } from 'vitest';
import { createLogWriter } from './log-writer.ts';
import type { LogFile } from './log-writer.ts';

type Done = Parameters<LogFile['write']>[2];

/** A file whose writes the test lets end, one after the other. */
function openFile() {
  const started: { text: string; done: Done }[] = [];
  const texts: string[] = [];
  let full: string | undefined;
  const file: LogFile = {
    write: (_, bytes, done) => started.push({ text: bytes.toString(), done }),
    writeSync: (_, bytes) => {
      if (full !== undefined) throw Object.assign(new Error('write'), { code: full });
      texts.push(bytes.toString());
      return bytes.length;
    },
  };
  const writer = createLogWriter({ fd: 1, lost: (count) => `${count} lost\n`, file });
  return {
    writer,
    texts,
    /** The write under way ends, after so many bytes or with an error. */
    end: (how?: number | string) => {
      const { text, done } = started.shift() ?? { text: '', done: () => {} };
      const written = typeof how === 'number' ? how : Buffer.byteLength(text);
      if (typeof how !== 'string') texts.push(Buffer.from(text).subarray(0, written).toString());
      done(typeof how === 'string' ? Object.assign(new Error('write'), { code: how }) : null, written);
    },
    underWay: () => started.length,
    refuse: (code: string) => (full = code),
  };
}

describe('log lines', () => {
  it('are written one write at a time, in order, whole', () => {
    const { writer, texts, end, underWay } = openFile();
    for (const line of ['one\n', 'zwö\n', 'three\n']) writer.write(line);
    expect(underWay()).toBe(1);
    end();
    end(3);
    end();
    expect(texts).toEqual(['one\n', 'zw\ufffd', '\ufffd\nthree\n']);
    expect(underWay()).toBe(0);
    writer.write('four\n');
    expect(underWay()).toBe(1);
  });

  it('are written at the exit, but for what is under way', () => {
    const { writer, texts, end } = openFile();
    for (const line of ['one\n', 'two\n', 'three\n']) writer.write(line);
    writer.flushSync();
    expect(texts).toEqual(['two\nthree\n']);
    end();
    expect(texts).toEqual(['two\nthree\n', 'one\n']);
  });

  it.each(['EPIPE', 'EBADF', 'EAGAIN'])('are given up at the exit where they cannot be written: %s', (code) => {
    const { writer, texts, refuse } = openFile();
    for (const line of ['one\n', 'two\n']) writer.write(line);
    refuse(code);
    writer.flushSync();
    expect(texts).toEqual([]);
  });

  it('are given up when the reader has gone', () => {
    const { writer, texts, end, underWay } = openFile();
    for (const line of ['one\n', 'two\n']) writer.write(line);
    end('EPIPE');
    writer.write('three\n');
    expect(underWay()).toBe(0);
    writer.flushSync();
    expect(texts).toEqual([]);
  });

  it('that nobody reads are lost beyond a bound, and counted', () => {
    const { writer, texts, end } = openFile();
    const line = `${'x'.repeat(1024 * 1024 - 1)}\n`;
    for (let i = 0; i < 8; i++) writer.write(line);
    end();
    end();
    expect(texts[0]).toBe(line);
    expect(texts[1]).toBe(`${line.repeat(4)}3 lost\n`);
    expect(texts).toHaveLength(2);
    writer.write('again\n');
    end();
    expect(texts[2]).toBe('again\n');
  });
});
