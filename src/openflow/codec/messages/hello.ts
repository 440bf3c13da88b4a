import { OFPHET, OFPT } from '../constants/header.ts';
import { decimal } from '../json/formats.ts';
import { asList, onlyKeys } from '../json/json.ts';
import type { Hello } from '../message-types.ts';
import { EncodeError } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import type { MessageCodec } from './codec.ts';

const ELEMENT_HEADER_LEN = 4;
/** Wire numbers of versions end here: the bitmap is taken for at most this many. */
const VERSIONS_MAX = 256;

/**
 * HELLO (OpenFlow 1.3.5 section 7.5.1). A peer of another version may send anything behind the header, so elements that
 * make no sense end the reading without an error, as the spec asks for unknown ones.
 */
export const hello: MessageCodec<Hello> = {
  type: 'hello',
  wireType: OFPT.HELLO,
  read(reader, { xid, version }) {
    const versions = readVersions(reader);
    reader.skip(reader.remaining);
    return versions ? { type: 'hello', xid, version, versions } : { type: 'hello', xid, version };
  },
  write(writer, { versions }) {
    if (!versions) return;
    const bitmaps = bitmapOf(versions);
    const start = writer.length;
    writer.u16(OFPHET.VERSIONBITMAP, 'versions');
    writer.u16(ELEMENT_HEADER_LEN + 4 * bitmaps.length, 'versions');
    for (const bitmap of bitmaps) writer.u32(bitmap, 'versions');
    writer.padTo8(start);
  },
  toJson: ({ version, versions }) => (versions ? { version, versions } : { version }),
  fromJson(json, { xid }) {
    onlyKeys(json, ['version', 'versions'], 'hello');
    const version = decimal.fromJson(json['version'] ?? null, 'hello.version');
    if (json['versions'] === undefined) return { type: 'hello', xid, version };
    const versions = asList(json['versions'], 'hello.versions').map((value) =>
      decimal.fromJson(value, 'hello.versions'),
    );
    return { type: 'hello', xid, version, versions };
  },
  kind: { kind: 'special', name: 'hello' },
};

/** The versions of the first bitmap element, or undefined. */
function readVersions(reader: Reader): number[] | undefined {
  while (reader.remaining >= ELEMENT_HEADER_LEN) {
    const type = reader.u16();
    const length = reader.u16() - ELEMENT_HEADER_LEN;
    if (length < 0 || length > reader.remaining) return undefined;
    if (type === OFPHET.VERSIONBITMAP) return readBitmap(reader, length);
    reader.skip(Math.min((length + 7) & ~7, reader.remaining));
  }
  return undefined;
}

function readBitmap(reader: Reader, length: number): number[] {
  const versions: number[] = [];
  for (let base = 0; base < VERSIONS_MAX && base / 8 + 4 <= length; base += 32) {
    const bits = reader.u32();
    for (let i = 0; i < 32; i++) if (((bits >>> i) & 1) === 1) versions.push(base + i);
  }
  return versions;
}

function bitmapOf(versions: readonly number[]): number[] {
  if (!Array.isArray(versions)) throw new EncodeError('versions', versions, 'a list of version numbers');
  const bitmaps: number[] = [0];
  for (const version of versions) {
    if (!Number.isInteger(version) || version < 0 || version >= VERSIONS_MAX) {
      throw new EncodeError('versions', version, `version numbers from 0 to ${VERSIONS_MAX - 1}`);
    }
    while (bitmaps.length <= version >>> 5) bitmaps.push(0);
    bitmaps[version >>> 5] = (bitmaps[version >>> 5]! | (1 << (version & 31))) >>> 0;
  }
  return bitmaps;
}
