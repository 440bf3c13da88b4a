import { OFPHET, OFPT } from '../constants/header.ts';
import { decimal, hexBytes } from '../json/formats.ts';
import { asList, asObject, type Json, onlyKeys } from '../json/json.ts';
import type { Hello, HelloElement } from '../message-types.ts';
import { EncodeError } from '../wire/errors.ts';
import type { Reader } from '../wire/reader.ts';
import { patchLength } from '../wire/struct.ts';
import type { Writer } from '../wire/writer.ts';
import type { MessageCodec } from './codec.ts';

const ELEMENT_HEADER_LEN = 4;
/** Wire numbers of versions end here: the bitmap is taken for at most this many. */
const VERSIONS_MAX = 256;

interface Elements {
  versions?: readonly number[];
  elements?: readonly HelloElement[];
}

/**
 * HELLO (OpenFlow 1.3.5 section 7.5.1). A peer of another version may send anything behind the header, so what makes no
 * sense as an element ends the reading without an error.
 */
export const hello: MessageCodec<Hello> = {
  type: 'hello',
  wireType: OFPT.HELLO,
  read: (reader, { xid, version }) => ({ type: 'hello', xid, version, ...readElements(reader) }),
  write(writer, { versions, elements = [] }) {
    if (versions) writeBitmap(writer, versions);
    if (!Array.isArray(elements)) throw new EncodeError('elements', elements, 'a list of elements');
    for (const element of elements as readonly HelloElement[]) {
      if (typeof element !== 'object' || element === null)
        throw new EncodeError('elements', element, '{ elementType, data }');
      writeElement(writer, element.elementType, () => writer.bytes(element.data, 'elements'));
    }
  },
  toJson: ({ version, versions, elements }) => ({
    version,
    ...(versions && { versions }),
    ...(elements && {
      elements: elements.map((one) => ({ element_type: one.elementType, data: hexBytes.toJson(one.data) })),
    }),
  }),
  fromJson(json, { xid }) {
    onlyKeys(json, ['version', 'versions', 'elements'], 'hello');
    const version = decimal.fromJson(json['version'] ?? null, 'hello.version');
    const { versions, elements } = json;
    return {
      type: 'hello',
      xid,
      version,
      ...(versions !== undefined && {
        versions: asList(versions, 'hello.versions').map((value) => decimal.fromJson(value, 'hello.versions')),
      }),
      ...(elements !== undefined && { elements: asList(elements, 'hello.elements').map(elementFromJson) }),
    };
  },
  kind: { kind: 'special', name: 'hello' },
};

function elementFromJson(json: Json): HelloElement {
  const object = asObject(json, 'hello.elements');
  onlyKeys(object, ['element_type', 'data'], 'hello.elements');
  return {
    elementType: decimal.fromJson(object['element_type'] ?? null, 'hello.elements.element_type'),
    data: hexBytes.fromJson(object['data'] ?? null, 'hello.elements.data'),
  };
}

/** The versions of the first bitmap, and whatever else stands there; reads to the end. */
function readElements(reader: Reader): Elements {
  const found: Elements = {};
  const others: HelloElement[] = [];
  while (reader.remaining >= ELEMENT_HEADER_LEN) {
    const type = reader.u16();
    const length = reader.u16() - ELEMENT_HEADER_LEN;
    if (length < 0 || length > reader.remaining) break;
    const end = reader.pos + length;
    if (type === OFPHET.VERSIONBITMAP && !found.versions) found.versions = readBitmap(reader, length);
    else others.push({ elementType: type, data: reader.take(length) });
    reader.pos = Math.min(end + ((8 - ((length + ELEMENT_HEADER_LEN) & 7)) & 7), reader.end);
  }
  reader.pos = reader.end;
  if (others.length > 0) found.elements = others;
  return found;
}

function readBitmap(reader: Reader, length: number): number[] {
  const versions: number[] = [];
  for (let base = 0; base < VERSIONS_MAX && base / 8 + 4 <= length; base += 32) {
    const bits = reader.u32();
    for (let i = 0; i < 32; i++) if (((bits >>> i) & 1) === 1) versions.push(base + i);
  }
  return versions;
}

function writeElement(writer: Writer, type: number, writeData: () => void): void {
  const start = writer.length;
  writer.u16(type, 'elements');
  writer.u16(0, 'elements');
  writeData();
  patchLength(writer, start + 2, writer.length - start, 'elements');
  writer.padTo8(start);
}

function writeBitmap(writer: Writer, versions: readonly number[]): void {
  const bitmaps = bitmapOf(versions);
  writeElement(writer, OFPHET.VERSIONBITMAP, () => {
    for (const bitmap of bitmaps) writer.u32(bitmap, 'versions');
  });
}

function bitmapOf(versions: readonly number[]): number[] {
  if (!Array.isArray(versions)) throw new EncodeError('versions', versions, 'a list of version numbers');
  const bitmaps: number[] = [0];
  for (const version of versions as readonly number[]) {
    if (!Number.isInteger(version) || version < 0 || version >= VERSIONS_MAX) {
      throw new EncodeError('versions', version, `version numbers from 0 to ${VERSIONS_MAX - 1}`);
    }
    while (bitmaps.length <= version >>> 5) bitmaps.push(0);
    bitmaps[version >>> 5] = (bitmaps[version >>> 5]! | (1 << (version & 31))) >>> 0;
  }
  return bitmaps;
}
