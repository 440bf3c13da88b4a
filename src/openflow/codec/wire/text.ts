/**
 * UTF-8 that loses nothing: bytes that are no UTF-8 become lone surrogates (U+DC80 to U+DCFF), which stand for nothing
 * else, and become the same bytes again. Names of ports may hold anything.
 */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ESCAPES = 0xdc00;
const SEQUENCE_BYTES_MAX = 4;
const ESCAPED = /[\udc80-\udcff]/;

export function textFromBytes(bytes: Uint8Array): string {
  return decoded(bytes) ?? escaped(bytes);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function escaped(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const [piece, length] = pieceAt(bytes, at);
    text += piece;
    at += length;
  }
  return text;
}

/** One character and the bytes it takes, or one byte that is part of none. */
function pieceAt(bytes: Uint8Array, at: number): [string, number] {
  for (let length = 1; length <= SEQUENCE_BYTES_MAX && at + length <= bytes.length; length++) {
    const piece = decoded(bytes.subarray(at, at + length));
    if (piece !== undefined) return [piece, length];
  }
  return [String.fromCharCode(ESCAPES + bytes[at]!), 1];
}

export function bytesFromText(text: string): Buffer {
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat(
    Array.from(text, (character) => {
      const code = character.codePointAt(0)!;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - ESCAPES]) : Buffer.from(character, 'utf8');
    }),
  );
}
