/** Frames as the OpenFlow 1.3.5 specification lays them out, in hex written by hand, and pieces that many of them share. */
import type * as of from '../../src/openflow/codec/index.ts';

export const XID = '11223344';

/** A frame: version, type and xid around the body, whose blanks do not count. */
export function frame(type: number, ...body: readonly string[]): string {
  const hex = body.join('').replaceAll(' ', '');
  const length = (8 + hex.length / 2).toString(16).padStart(4, '0');
  return `04${type.toString(16).padStart(2, '0')}${length}${XID}${hex}`;
}
export const zeros = (bytes: number): string => '00'.repeat(bytes);
export const text = (value: string, bytes: number): string =>
  Buffer.from(value)
    .toString('hex')
    .padEnd(2 * bytes, '0');
export const ask = (type: string, ...body: readonly string[]): string => frame(18, type, '0000 00000000', ...body);
export const tell = (type: string, ...body: readonly string[]): string => frame(19, type, '0000 00000000', ...body);

/** match { in_port = 1 }: type 1, length 12, OXM header 0x80000004, value, padding to 16. */
export const MATCH_HEX = '0001 000c 80000004 00000001 00000000';
export const MATCH: of.Match = { inPort: 1 };
/** apply_actions [output 2]. */
export const APPLY_HEX = '0004 0018 00000000 0000 0010 00000002 0000 000000000000';
export const APPLY: of.Instruction[] = [{ type: 'applyActions', actions: [{ type: 'output', port: 2 }] }];
export const BUCKET_HEX = '0020 0005 00000003 ffffffff 00000000 0000 0010 00000002 0000 000000000000';
export const BUCKET: of.Bucket = {
  weight: 5,
  watchPort: 3,
  watchGroup: 0xffffffff,
  actions: [{ type: 'output', port: 2 }],
};
export const PORT_HEX = [
  '00000007 00000000 0a0b0c0d0e0f 0000',
  text('eth7', 16),
  '00000001 00000004 00000001 00000002 00000003 00000004 000f4240 001e8480',
].join('');
export const PORT: of.PortDesc = {
  portNo: 7,
  hwAddr: 0x0a0b0c0d0e0f,
  name: 'eth7',
  config: 1,
  state: 4,
  curr: 1,
  advertised: 2,
  supported: 3,
  peer: 4,
  currSpeed: 1_000_000,
  maxSpeed: 2_000_000,
};
export const BANDS_HEX =
  '0001 0010 00000064 00000032 00000000  0002 0010 00000065 00000033 04 000000  ffff 0018 00000066 00000034 00abcdef 0102030405060708';
export const BANDS: of.MeterBand[] = [
  { type: 'drop', rate: 100, burstSize: 50 },
  { type: 'dscpRemark', rate: 101, burstSize: 51, precLevel: 4 },
  {
    type: 'experimenter',
    rate: 102,
    burstSize: 52,
    experimenter: 0x00abcdef,
    data: Buffer.from('0102030405060708', 'hex'),
  },
];
export type Body<M extends of.Message> = Omit<M, 'xid'>;
export type AnyBody = { [M in of.Message as M['type']]: M extends of.Message ? Body<M> : never }[of.MessageType];
export type Reply<K extends of.MultipartKind> = of.MultipartKinds[K]['reply'];

export const request = <K extends of.MultipartKind>(kind: K, body: of.MultipartKinds[K]['request']): AnyBody =>
  ({ type: 'multipartRequest', kind, more: false, body }) as AnyBody;
export const reply = <K extends of.MultipartKind>(kind: K, body: Reply<K>): AnyBody =>
  ({ type: 'multipartReply', kind, more: false, body }) as AnyBody;

/** A message, where the spec describes it, and its bytes. */
export type SpecCase = readonly [section: string, message: AnyBody, hex: string];

export const specLabel = (body: AnyBody): string => ('kind' in body ? `${body.type} ${body.kind}` : body.type);
